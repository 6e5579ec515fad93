using Refrag.CodeArchives;

namespace Refrag.Results;

/// <summary>What is wrong with the results that a job stores. RF803x.</summary>
public static class ResultProblems
{
    private const int MostListed = 5;

    internal static Problem WrongStore(string url, Place? place) => new()
    {
        Code = "RF8030",
        What = $"env.results={url} is not the URL of a store",
        Cure = "Write s3://BUCKET/PREFIX, with letters, digits and - _ . = in the prefix; or file:// and an absolute path: "
            + "env.results=file:///mnt/shared/results.",
        Place = place,
    };

    internal static Problem WrongInterval(string interval, Place? place) => new()
    {
        Code = "RF8031",
        What = $"env.results_interval={interval} is not from 1s to 1d",
        Cure = "Write how often the files are synchronised, for example env.results_interval=5m.",
        Place = place,
    };

    internal static Problem NeedsRefrag(Place? place) => new()
    {
        Code = "RF8032",
        What = "env.results does not work with env.entry_point=shell",
        Cause = "refrag in the image stores the files while the job runs",
        Cure = "Use an image whose entry point is refrag, or set env.results=null and let the program store its files.",
        Place = place,
    };

    internal static Problem NeedsRefrag(string image, Place? place) => NeedsRefrag(place) with
    {
        What = $"env.results does not work in {image}, which is taken for an image without refrag",
        Cure = "Set env.results=null and let the program store its files, or use an image whose entry point is refrag: if this one has "
            + "refrag, set env.entry_point=refrag.",
    };

    internal static Problem WrongVariable(string name, string value, string why) => new()
    {
        Code = "RF8033",
        What = $"The results of this job cannot be stored: {name} is '{value}'",
        Cause = why,
        Cure = $"Leave these variables to Batch and to refrag run; to run a command by hand, unset {ResultVariables.Store}.",
        Place = new VariablePlace(name, value),
    };

    internal static Problem NotRestored(string url, string why) => new()
    {
        Code = "RF8034",
        What = $"What the last attempt has stored cannot be read from {url}: {why.TrimEnd('.')}",
        Cause = "The attempt would begin anew, and what the last one did would be lost",
        Cure = "Give the job a role that may read and list the bucket and a way to reach it, or the same path; or submit it again as a new "
            + "job.",
    };

    internal static Problem NotStored(string url, IReadOnlyList<string> reasons) => new()
    {
        Code = "RF8035",
        What = $"The results cannot be stored in {url}: {Listed(reasons)}",
        Cure = "Give the job a role that may write to the bucket and a way to reach it, or a path with room that it may write to.",
    };

    /// <summary>A signal ended the last synchronisation.</summary>
    /// <param name="url">Where the attempt stores its results.</param>
    public static Problem Interrupted(string url) => NotStored(url, ["another signal ended this"]);

    /// <summary>A job does not store results, or has stored none yet.</summary>
    /// <param name="id">The job's id.</param>
    /// <param name="hasStore">Whether it has a store.</param>
    public static Problem Nothing(string id, bool hasStore) => new()
    {
        Code = "RF8036",
        What = hasStore ? $"Job {id} has stored no results yet" : $"Job {id} has no store for results",
        Cure = hasStore
            ? $"Look whether it has started: refrag job {id}."
            : "Submit jobs with env.results=s3://BUCKET/PREFIX, or with env.results=file:///FOLDER.",
    };

    /// <summary>Results cannot be read from their store, or written here.</summary>
    /// <param name="id">The job's id.</param>
    /// <param name="why">Why not.</param>
    public static Problem NotBrought(string id, string why) => new()
    {
        Code = "RF8037",
        What = $"The results of job {id} cannot be brought: {why.TrimEnd('.')}",
        Cure = "Check that the store can be reached from here and that the folder can be written to, and call it again: "
            + "what is there already is not brought twice.",
    };

    /// <summary>Some of the results cannot be brought; the others were.</summary>
    /// <param name="id">The job's id.</param>
    /// <param name="reasons">A path with a reason each.</param>
    public static Problem NotBrought(string id, IReadOnlyList<string> reasons) => NotBrought(id, Listed(reasons));

    internal static Problem NoFolder(string folder, string why, Place? place) => new()
    {
        Code = "RF8038",
        What = $"The folder {folder} for results cannot be created: {why.TrimEnd('.')}",
        Cure = "Name a folder that you may create: env.results=file:///FOLDER.",
        Place = place,
    };

    /// <summary>The output directory of an attempt cannot be made.</summary>
    /// <param name="root">Where it should be.</param>
    /// <param name="why">Why not.</param>
    public static Problem NoOutputDirectory(string root, string why) => new()
    {
        Code = "RF8039",
        What = $"The output directory cannot be made in {root}: {why.TrimEnd('.')}",
        Cure = "Make room there, or name another folder: +env.environment.REFRAG_OUTPUT_DIR=/scratch.",
    };

    private static string Listed(IReadOnlyList<string> reasons)
    {
        string listed = string.Join("; ", reasons.Take(MostListed).Select(reason => reason.TrimEnd('.')));
        return reasons.Count > MostListed ? $"{listed}; and {CodeProblems.Count(reasons.Count - MostListed)} more" : listed;
    }
}
