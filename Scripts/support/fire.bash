# Shared by the attacks in Scripts/attacks; sourced, never run.
#
# Scripts/under-fire runs an attack as a process of its own with
#   fire_programs  the folder of the programs
#   fire_folder    an empty folder for its files, where it starts
#   fire_record    the file that tells what it did and found: see told, finding, skipped
#   fire_count     how often to kill
#   fire_seed      decides every random choice
# An attack ends with status 0 whatever it finds; any other status means that it broke down.
# shellcheck shell=bash disable=SC2034,SC2054,SC2154
# Not -e: that commands fail is what an attack is about.
set -uo pipefail
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/common.bash"
cd -- "$fire_folder" || exit
# Words of the system, and characters, mean the same everywhere.
export LC_ALL=C
# The user's folder of caches is none of our business.
users_caches=${XDG_CACHE_HOME:-}
export XDG_CACHE_HOME=$fire_folder/.cache
status=0

# told TEXT: what was done, with numbers.
told() { printf 'done\t%s\n' "$*" >>"$fire_record"; }
# noted TEXT: what is to be known beside it, such as which files differ by design.
noted() { printf 'note\t%s\n' "$*" >>"$fire_record"; }
# skipped TEXT: what cannot be done here.
skipped() { printf 'skipped\t%s\n' "$*" >>"$fire_record"; }
# finding TEXT: what is wrong. One line, whatever a program printed.
finding() { printf 'finding\t%s\n' "$(printf '%s' "$*" | tr -c '[:print:]' '?' | cut -c1-400)" >>"$fire_record"; }

# part N: a part of the number of kills, at least 2.
part() { say $((fire_count / $1 > 2 ? fire_count / $1 : 2)); }

# script NAME ARGUMENT...: another of our scripts, which builds as the user does, with the user's own caches.
script() {
  local name=$1 caches=(-u XDG_CACHE_HOME)
  shift
  [[ -z $users_caches ]] || caches=("XDG_CACHE_HOME=$users_caches")
  env -u LC_ALL "${caches[@]}" "$root/Scripts/$name" "$@"
}

# xai PROGRAM ARGUMENT...: runs a program with its output in files; its exit status goes to `status`.
# With `limit` set, its files may have so many kB; in pipes, so that what it says is not limited. With
# `watched` set, that file gets the number of the `timeout` whose child the program is. What does not end
# within `patience` seconds is killed.
limit=
watched=
patience=120
xai() {
  local name=$1
  shift
  {
    (
      [[ -z $watched ]] || say "$BASHPID" >"$watched"
      [[ -z $limit ]] || ulimit -S -f "$limit"
      exec timeout -s KILL "$patience" "$fire_programs/xai-$name" "$@"
    ) 2>&3 | cat >output.txt
  } 3>&1 | cat >error.txt
  status=${PIPESTATUS[0]}
}

# xai_in FOLDER PROGRAM ARGUMENT...: the same from another folder, where its output goes.
xai_in() {
  local folder=$1
  shift
  (cd "$folder" && xai "$@" && exit "$status")
  status=$?
}

# now: milliseconds.
now() {
  local time=${EPOCHREALTIME/[.,]/}
  say $((time / 1000))
}

# random NAME N [PURPOSE]: puts a whole number from 0 to N - 1 into a variable, the next one of its purpose
# (default is the variable's name): what one purpose draws does not move another's numbers. (In a
# subshell, such as that of "$(...)", the next one would be the same again.)
declare -A drawn
random() {
  local purpose=${3:-$1} hash
  drawn[$purpose]=$((${drawn[$purpose]:-0} + 1))
  hash=$(printf '%s/%s/%s' "$fire_seed" "$purpose" "${drawn[$purpose]}" | sha256sum)
  printf -v "$1" %d $((16#${hash:0:12} % ($2 > 0 ? $2 : 1)))
}

# pause MILLISECONDS
pause() { sleep "$(($1 / 1000)).$(printf '%03d' $(($1 % 1000)))"; }

# sentence: whether error.txt ends in one sentence of a program.
sentence() { tail -n 1 error.txt | grep -qE '^xai-(train|eval|explain): .' && ! grep -q unforeseen error.txt; }

# write_data FOLDER: 3 classes of 12 training images and 6 test images, in Tiny ImageNet's layout.
write_data() {
  local images=$root/Tests/XAIImagesTests/Fixtures folder=$1 id image number=0
  local pool=(rgb_420 rgb_422_progressive rgb_444 rgb_components restart progressive odd_63x61
    exif_rotated gray ycck cmyk one_pixel)
  mkdir -p "$folder/val/images"
  for id in n01 n02 n03; do
    mkdir -p "$folder/train/$id/images"
    for image in "${pool[@]}"; do
      cp "$images/$image.jpg" "$folder/train/$id/images/${id}_$image.JPEG"
    done
    say "$id" >>"$folder/wnids.txt"
    printf '%s\tname of %s\n' "$id" "$id" >>"$folder/words.txt"
  done
  for image in "${pool[@]:0:6}"; do
    cp "$images/$image.jpg" "$folder/val/images/$image.JPEG"
    printf '%s.JPEG\tn0%s\t0\t0\t5\t5\n' "$image" $((number % 3 + 1)) >>"$folder/val/val_annotations.txt"
    number=$((number + 1))
  done
  # A network for them.
  say '{"name": "small", "input": [3, 24, 24], "stacks": [[8], [8]], "hidden": [16], "classes": 3}' \
    >"$folder/small.json"
}

# What small trainings have in common.
training=(--architecture ../data/small.json --batch-size 8 --threads 1 --patience 1000
  --augment flip-crop --schedule constant)
# What small randomization tests have in common.
randomization=(--samples 2 --method saliency,guided-backprop,lrp-a1b0,integrated-gradients --seeds 2
  --mode cascading,independent --threads 1 --health-images 4)

# write_network FILE [OPTION...]: a checkpoint that fits the data.
write_network() {
  local file=$1
  shift
  mkdir -p network
  xai_in network train --data ../data --output run "${training[@]}" --epochs 2 --quiet "$@"
  ((status == 0)) || fail 1 "no small network could be trained: $(tail -n 1 network/error.txt)"
  mv network/run/bestmodel.safetensors "$file"
  rm -r network
}

# write_images FILE: a tensor `images` of two images, as tools exchange them.
write_images() {
  local header='{"images":{"dtype":"F32","shape":[2,3,24,24],"data_offsets":[0,13824]}}     '
  {
    printf '%b%s' "\\x$(printf '%02x' ${#header})\\0\\0\\0\\0\\0\\0\\0" "$header"
    # 0x3E3E3E3E is 0.186.
    head -c 13824 /dev/zero | tr '\0' '>'
  } >"$1"
}

# whole FILE: whether a file is complete, by what its format says of its own end.
whole() {
  local size length last
  # One version, even if the file is replaced meanwhile; one that is gone says nothing.
  if ! cp -- "$1" "$fire_folder/.look"; then
    [[ ! -e $1 ]]
    return
  fi
  size=$(stat -c %s "$fire_folder/.look")
  case $1 in
    *.safetensors)
      ((size > 8)) || return 1
      length=$(od -An -tu8 -N8 "$fire_folder/.look" | tr -d ' ')
      last=$(head -c $((8 + length)) "$fire_folder/.look" | tail -c +9 | tr -d '\0' \
        | grep -oE '"data_offsets":\[[0-9]+,[0-9]+' | sed 's/.*,//' | sort -n | tail -n 1)
      ((size == 8 + length + ${last:-0}))
      ;;
    *.json) [[ $(head -c 1 "$fire_folder/.look")$(tail -c 2 "$fire_folder/.look") =~ ^(\{\}|\[\])$ ]] ;;
    *.csv) [[ $size != 0 && -z $(tail -c 1 "$fire_folder/.look") ]] ;;
    *.svg) [[ $(tail -n 1 "$fire_folder/.look") == "</svg>" ]] ;;
    *.html) [[ $(tail -c 8 "$fire_folder/.look") == "</html>" ]] ;;
    *.png) [[ $(tail -c 8 "$fire_folder/.look" | od -An -tx1 | tr -d ' ') == 49454e44ae426082 ]] ;;
    *) true ;;
  esac
}

# expect_whole FOLDER WHEN: every file of a folder is complete; unfinished ones have hidden names.
expect_whole() {
  local file
  [[ -d $1 ]] || return 0
  # From inside: on the way to the folder there may be hidden ones.
  while IFS= read -r -d '' file; do
    whole "$1/$file" || finding "$2: $1/$file is not whole"
  done < <(cd "$1" && find . -type f ! -name '.*' ! -path '*/.*' -print0)
}

# header FILE: the JSON at the beginning of a safetensors file.
header() { head -c $((8 + $(od -An -tu8 -N8 "$1"))) "$1" | tail -c +9; }

# canonical FILE: its bytes, less the times and speeds that a run measures.
canonical() {
  local length
  case $1 in
    *.safetensors)
      length=$(od -An -tu8 -N8 "$1" | tr -d ' ')
      header "$1" | sed -E 's/(econds|imagesPerSecond|images_per_second|imagesInAll)\\"[ ]*:[ ]*[-+.0-9e]+/\1/g; s/ +$//'
      tail -c +$((9 + length)) "$1"
      ;;
    *metrics.csv) cut -d, -f1-7 "$1" ;;
    *.json) sed -E 's/"(seconds|images_per_second|imagesPerSecond)" *: *[-+.0-9e]+/"\1"/' "$1" ;;
    *) cat -- "$1" ;;
  esac
}

# names FOLDER...: the files of folders, less what is hidden and units/.
names() {
  local folder
  for folder in "$@"; do
    (cd "$folder" && find . -type f ! -name '.*' ! -path './units/*')
  done | sort -u
}

# differences LEFT RIGHT: the files of two folders that are not the same; two without any are not either.
differences() {
  local name
  [[ -n $(names "$1" "$2") ]] || say "$1 and $2 (both are empty)"
  names "$1" "$2" | while IFS= read -r name; do
    if [[ ! -f $1/$name || ! -f $2/$name ]]; then
      say "$name (missing)"
    elif [[ $(canonical "$1/$name" | cksum) != "$(canonical "$2/$name" | cksum)" ]]; then
      say "$name"
    fi
  done
}

# expect_same LEFT RIGHT WHEN: both folders hold the same results.
expect_same() {
  local found
  found=$(differences "$1" "$2" | head -n 5 | paste -sd ' ')
  [[ -z $found ]] || finding "$3: differ in $found"
}
