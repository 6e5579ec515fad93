namespace Refrag.Composition.Sweeps;

/// <summary>What can be wrong with a manifest. RF115x.</summary>
internal static class ManifestProblems
{
    public static Problem NotThere(string path) => new()
    {
        Code = "RF1150",
        What = $"there is no manifest {path}",
        Cure = "Start the sweep without resuming; that writes one.",
    };

    public static Problem Damaged(string path, int line, string text) => new()
    {
        Code = "RF1151",
        What = "the manifest is damaged",
        Cause = "the line is not a job or status, or not the next one",
        Cure = "Restore the file, or start the sweep anew.",
        Place = new FilePlace(path, line, 1, text),
    };

    public static Problem NoJob(string path, long index) => new()
    {
        Code = "RF1152",
        What = $"the manifest {path} has no job {index}",
        Cure = "Give an index of the sweep, or the sweep's own manifest.",
    };

    public static Problem OtherSweep(long manifest, long sweep) => new()
    {
        Code = "RF1153",
        What = $"the manifest has {manifest} jobs, but the command line makes {sweep}",
        Cure = "Resume with the command line that started the sweep, or start anew.",
    };

    public static Problem OtherJob(SweepJob manifest, SweepJob sweep) => new()
    {
        Code = "RF1153",
        What = $"job {sweep.Index} of the manifest is '{string.Join(' ', manifest.Overrides)}', but the command line makes it "
            + $"'{string.Join(' ', sweep.Overrides)}'",
        Cure = "Resume with the command line that started the sweep, or start anew.",
    };
}
