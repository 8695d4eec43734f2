"""Measures Captum's and zennit's explanations and those of xai-explain in turn.

The part of compare.py behind --explain.
"""

import dataclasses
import datetime
import json
import pathlib
import statistics
import sys
import tempfile

import machine
from programs import Failed, run, run_timed, verdict

ROOT = pathlib.Path(__file__).resolve().parents[2]
PEAK_LIMIT, COMMAND_LIMIT = 1.5e9, 0.6
# A map whose mean deviation is greater than this is another map, not the same one rounded otherwise.
SAME_MAP = 1e-2


@dataclasses.dataclass(frozen=True)
class Job:
    """A row: its name in pytorch_explain.py, its title, xai-explain's options, what is required."""

    name: str
    title: str
    method: str
    required: float
    options: tuple = ()
    images: str = "image"
    repeat: int = 7


JOBS = [
    Job("saliency", "Saliency", "saliency", 2),
    Job("deep-lift", "DeepLIFT, baseline zero", "deep-lift", 2, ("--baseline-tensor", "zero")),
    Job("lrp-a2b1", "LRP alpha 2 beta 1 (zennit)", "lrp-a2b1", 2),
    Job("integrated-gradients", "Integrated gradients, 200 steps", "integrated-gradients", 4,
        ("--baseline-tensor", "zero", "--ig-steps", "200", "--ig-rule", "gauss-legendre"),
        repeat=3),
    Job("smooth-grad", "SmoothGrad, 50 samples of saliency", "saliency", 4,
        ("--noise", "smooth-grad", "--noise-samples", "50", "--noise-std", "0.15",
         "--noise-tensor", "noise"), repeat=7),
    Job("occlusion", "Occlusion, windows of 8x8 every 4", "occlusion", 4,
        ("--occlusion-window", "8", "--occlusion-stride", "4"), repeat=3),
    Job("deep-shap", "DeepSHAP, 64 baselines", "deep-shap", 4,
        ("--baseline-tensor", "baselines"), repeat=3),
    Job("saliency-batch", "Saliency, batch of 64", "saliency", 4, images="batch", repeat=7),
]
# Methods that compare with a distribution; the others get the one baseline zero.
DISTRIBUTIONS = {"deep-shap", "gradient-shap", "expected-gradients"}


class Ours:
    """xai-explain: seconds inside the process, its memory, and the command as a whole."""

    def __init__(self, options, checkpoint, data, targets, folder):
        self.options, self.checkpoint, self.data = options, checkpoint, data
        self.targets = targets
        self.raw = pathlib.Path(folder) / "ours.safetensors"
        self.seconds, self.peaks, self.command_seconds = {}, {}, []

    def command(self, method, images, arguments=()):
        """A call in the raw form; names of tensors become references to the data file."""
        targets = self.targets if images == "batch" else self.targets[:1]
        references = {"--baseline-tensor", "--noise-tensor"}
        words = []
        for index, word in enumerate(arguments):
            is_reference = index > 0 and arguments[index - 1] in references
            words.append(f"{self.data}:{word}" if is_reference else word)
        return [
            f"{self.options.programs}/xai-explain", "attribute", "--checkpoint", self.checkpoint,
            "--tensor", f"{self.data}:{images}", "--raw", self.raw, "--method", method,
            "--target", ",".join(map(str, targets)), "--threads", str(self.options.threads),
            "--quiet", *words]

    def measure(self, job):
        """Appends to `seconds` and `peaks`; leaves the map in `raw`."""
        text, peak = run(
            self.command(job.method, job.images, job.options) + ["--repeat", str(job.repeat)],
            self.options.threads)
        self.seconds.setdefault(job.name, []).extend(repeated_seconds(text, job.method))
        self.peaks[job.name] = max(peak, self.peaks.get(job.name, 0))

    def measure_command(self):
        """The whole command for one image, as a user waits for it, five times.

        Where a machine backs memory on first touch, the first one after a large process pays for it.
        """
        for _ in range(5):
            _, _, seconds = run_timed(self.command("saliency", "image"), self.options.threads)
            self.command_seconds.append(seconds)

    def every_peak(self):
        """The greatest memory of each method that applies here, with its default parameters."""
        text, _ = run([f"{self.options.programs}/xai-explain", "methods", "--json"], 1)
        peaks = {}
        for method in identifiers(text):
            baseline = "baselines" if method in DISTRIBUTIONS else "zero"
            command = self.command(method, "image", ("--baseline-tensor", baseline))
            try:
                _, peaks[method] = run(command, self.options.threads)
            except Failed as failure:
                print(f"{method} is left out: {str(failure).splitlines()[-1]}", file=sys.stderr)
        return peaks


def repeated_seconds(text, method):
    """The seconds of each repetition out of `xai-explain attribute --repeat`."""
    for line in text.splitlines():
        try:
            entry = json.loads(line)
            if entry["method"] == method:
                return [float(second) for second in entry["seconds"]]
        except (ValueError, KeyError, TypeError):
            continue
    raise Failed(f"xai-explain --repeat printed no seconds of {method}: {text[:300]}")


def identifiers(text):
    """The methods out of `xai-explain methods --json`, whether in a list or under \"methods\"."""
    found = json.loads(text)
    found = found.get("methods", found) if isinstance(found, dict) else found
    return [entry if isinstance(entry, str) else entry.get("identifier", entry.get("id"))
            for entry in found]


class Captum:
    """A fresh process per job, layout and round, so that both sides start alike."""

    LAYOUTS = {"NCHW": (), "channels_last": ("--channels-last",)}

    def __init__(self, options, checkpoint, data, folder):
        self.options, self.checkpoint, self.data = options, checkpoint, data
        self.maps = pathlib.Path(folder) / "captum.safetensors"
        self.seconds, self.peaks, self.versions = {}, {}, {}

    def measure(self, job):
        """Appends to `seconds` and `peaks`; leaves the map of the default layout in `maps`."""
        for layout, words in self.LAYOUTS.items():
            maps = ["--maps", self.maps] if layout == "NCHW" else []
            text, _ = run(
                [sys.executable, ROOT / "Scripts/compare/pytorch_explain.py", "--checkpoint",
                 self.checkpoint, "--data", self.data, "--threads", str(self.options.threads),
                 "--jobs", job.name, *words, *maps], self.options.threads)
            report = json.loads(text.splitlines()[-1])
            key = (job.name, layout)
            self.seconds.setdefault(key, []).extend(report["seconds"][job.name])
            self.peaks[key] = max(report["peak_bytes"], self.peaks.get(key, 0))
            self.versions = report["versions"]

    def fastest(self, job):
        """The better layout: its name and seconds."""
        return min(((layout, self.seconds[job.name, layout]) for layout in self.LAYOUTS),
                   key=lambda entry: statistics.median(entry[1]))


def deviation(ours, theirs, name):
    """Of two files' maps: the largest difference by the largest value, and both as means."""
    import safetensors.numpy
    mine = next(iter(safetensors.numpy.load_file(ours).values())).astype(float)
    other = safetensors.numpy.load_file(theirs)[name].astype(float)
    if mine.shape != other.shape:
        raise Failed(f"{name}: xai-explain's map is {mine.shape}, Captum's {other.shape}")
    axes = tuple(range(1, other.ndim))
    difference, scale = abs(mine - other), abs(other)
    return (float((difference.max(axes) / scale.max(axes)).max()),
            float((difference.mean(axes) / scale.mean(axes)).max()))


def span(values):
    """Median, least and greatest seconds in a unit that fits."""
    factor, unit, digits = (1e3, "ms", 0) if statistics.median(values) < 1 else (1, "s", 2)
    low, middle, high = (factor * value for value in (
        min(values), statistics.median(values), max(values)))
    return f"{middle:.{digits}f} {unit} ({low:.{digits}f}-{high:.{digits}f})"


def rows(jobs, ours, theirs, deviations):
    """The lines of a table, its head first."""
    lines = [
        "| explanation | Captum | its layout | its memory | swift-xai | our memory | ratio | required "
        "| largest, mean difference |",
        "|---|---:|---|---:|---:|---:|---:|---:|---:|",
    ]
    for job in jobs:
        layout, rival = theirs.fastest(job)
        mine = ours.seconds[job.name]
        ratio = statistics.median(rival) / statistics.median(mine)
        largest, mean = deviations[job.name]
        same = "" if mean <= SAME_MAP else " **ANOTHER MAP**"
        lines.append(
            f"| {job.title} | {span(rival)} | {layout} "
            f"| {theirs.peaks[job.name, layout] / 1e9:.2f} GB | {span(mine)} "
            f"| {ours.peaks[job.name] / 1e9:.2f} GB | {ratio:.2f} "
            f"| {job.required} ({verdict(ratio >= job.required)}) "
            f"| {largest:.0e}, {mean:.0e}{same} |")
    return lines


def report(options, prepared, ours, theirs, deviations, every_peak):
    """The Markdown text."""
    lines = [
        f"One {'x'.join(map(str, prepared['shape'][1:]))} image unless said, {options.threads} "
        f"threads; median (least-greatest) of {options.rounds} alternating rounds.",
        "",
        *rows(JOBS, ours, theirs, deviations),
    ]
    command = statistics.median(ours.command_seconds)
    lines += [
        "",
        "- Loading the checkpoint and explaining one image by saliency, the whole command: "
        f"{span(ours.command_seconds)} (required: under {COMMAND_LIMIT} s, "
        f"{verdict(command < COMMAND_LIMIT)}).",
    ]
    peaks = dict(every_peak)
    peaks.update({job.title: ours.peaks[job.name] for job in JOBS})
    worst = max(peaks, key=peaks.get)
    lines += [
        f"- Greatest resident memory here over {len(every_peak)} methods and the rows above: "
        f"{peaks[worst] / 1e9:.2f} GB, {worst} (required: under {PEAK_LIMIT / 1e9} GB, "
        f"{verdict(peaks[worst] < PEAK_LIMIT)}).",
        "- Both sides are timed inside one process, without start-up and loading; no repetition is "
        "left out. Captum's default calls, in the faster of two memory layouts; its memory is the "
        "process's, libraries included.",
        "- Differences are those of our map from Captum's, by the greatest and the mean magnitude of "
        "Captum's, on the same noise and baselines; see \"How exact are the maps\".",
    ]
    if options.load_before > 0.5:
        lines.append(f"- **Other work was running** (load {options.load_before:.1f} at the start): "
                     "measure again on an idle machine.")
    lines += ["", "Measured " + datetime.datetime.now().strftime("%Y-%m-%d %H:%M") + " on: "
              + "; ".join(machine.description(ROOT) + [
                  f"{name} {version}" for name, version in theirs.versions.items()])
              + f"; {prepared['network']}; {prepared['images']}."]
    return "\n".join(lines) + "\n"


def measured(options):
    """Measures everything; gives the Markdown text.

    PyTorch stays out of this process: the system counts a process's memory from the fork on, so that a
    large parent would pass for a large program.
    """
    with tempfile.TemporaryDirectory(prefix="swift-xai-") as folder:
        data = f"{folder}/data.safetensors"
        network = (["--checkpoint", options.checkpoint] if options.checkpoint else
                   ["--architecture", options.architecture, "--random", f"{folder}/random.safetensors"])
        text, _ = run([sys.executable, ROOT / "Scripts/compare/explain_data.py", "--data",
                       options.data, "--output", data, *network], options.threads)
        prepared = json.loads(text.splitlines()[-1])
        ours = Ours(options, prepared["checkpoint"], data, prepared["targets"], folder)
        theirs = Captum(options, prepared["checkpoint"], data, folder)
        deviations = {}
        for index in range(options.rounds):
            for job in JOBS:
                print(f"Round {index + 1} of {options.rounds}: {job.title} ...", file=sys.stderr,
                      flush=True)
                ours.measure(job)
                theirs.measure(job)
                deviations[job.name] = deviation(ours.raw, theirs.maps, job.name)
            ours.measure_command()
        print("Memory of every method ...", file=sys.stderr, flush=True)
        return report(options, prepared, ours, theirs, deviations, ours.every_peak())
