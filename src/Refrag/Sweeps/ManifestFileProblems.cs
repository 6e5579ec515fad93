namespace Refrag.Sweeps;

/// <summary>What can be wrong with a sweep's manifest. RF206x.</summary>
internal static class ManifestFileProblems
{
    public static Problem Exists(string path) => new()
    {
        Code = "RF2060",
        What = $"There is a file {path} already",
        Cure = $"Resume that sweep (refrag run --resume {path}), or give another name.",
        Place = new ArgumentPlace($"--manifest={path}", "--manifest=".Length + 1, path.Length),
    };

    public static Problem NotWritable(string path, string why) => new()
    {
        Code = "RF2061",
        What = $"The sweep's manifest {path} cannot be written",
        Cause = why,
        Cure = "Run refrag in a folder where you may write, or name a file elsewhere with --manifest FILE."
            + " Without a manifest a sweep could not be resumed.",
    };

    public static Problem NotThere(string path, Place place) => new()
    {
        Code = "RF2062",
        What = $"There is no manifest {path}",
        Cure = "Name the file that refrag run -m printed; without --manifest it lies in outputs/sweeps.",
        Place = place,
    };

    public static Problem NotHeld(string path, string why, Place place) => new()
    {
        Code = "RF2063",
        What = $"The manifest {path} cannot be opened",
        Cause = why,
        Cure = "If another refrag is at work on this sweep, let it end: two would submit the same jobs twice. Else look at the file's "
            + "permissions.",
        Place = place,
    };

    public static Problem Damaged(string path, int line, string text) => new()
    {
        Code = "RF2064",
        What = "The manifest is damaged",
        Cause = text.Length == 0
            ? "It ends before the line that says how the sweep was started"
            : "The line is not a job, or not the next one",
        Cure = "Name a manifest that refrag run -m wrote, restore the file, or start the sweep anew.",
        Place = new FilePlace(path, line, 1, text),
    };

    public static ArgumentPlace Resume(string path) => new($"--resume={path}", "--resume=".Length + 1, path.Length);
}
