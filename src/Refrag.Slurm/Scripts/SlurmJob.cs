using System.Globalization;
using Refrag.Aws.Batch;

namespace Refrag.Slurm.Scripts;

/// <summary>
/// What of a submission Slurm must know, read from Batch's request. Its id is the submission's: Slurm's own ids start again one day, and a
/// lost answer takes one with it.
/// </summary>
internal sealed record SlurmJob
{
    /// <summary>The tag that has the submission's id, which is the job's.</summary>
    public const string IdTag = "refrag:submission-id";

    /// <summary>The parameter with how many children of an array may run at once.</summary>
    public const string MostAtOnceOption = "array";

    /// <summary>The definition that all jobs have: a script.</summary>
    public const string Definition = "sbatch";

    public required string Id { get; init; }

    public required SubmitJobRequest Request { get; init; }

    /// <summary>The job's name in Slurm, by which it is found again.</summary>
    public string SlurmName => $"{Request.JobName}.{Id}";

    public int Nodes => Request.NodeOverrides?.NumNodes ?? 1;

    public int? ArraySize => Request.ArrayProperties?.Size;

    public int Retries => Math.Max(0, (Request.RetryStrategy?.Attempts ?? 1) - 1);

    public ContainerOverrides Container =>
        Request.ContainerOverrides ?? Request.NodeOverrides?.NodePropertyOverrides?[0].ContainerOverrides ?? new ContainerOverrides();

    public string? Resource(string type) => Container.ResourceRequirements?.FirstOrDefault(one => one.Type == type)?.Value;

    /// <summary>Options of sbatch, and <c>chdir</c>, by their long names.</summary>
    public IReadOnlyDictionary<string, string> Options => Request.Parameters ?? new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How many children of the array may run at once; null for no limit.</summary>
    public int? MostAtOnce => int.TryParse(
        Options.GetValueOrDefault(MostAtOnceOption), NumberStyles.None, CultureInfo.InvariantCulture, out int most) ? most : null;

    /// <summary>The time limit in whole minutes, rounded up as Slurm does; null for the partition's.</summary>
    public long? Minutes => Request.Timeout?.AttemptDurationSeconds is { } seconds and > 0 ? (seconds + 59) / 60 : null;

    public static SlurmJob Of(SubmitJobRequest request) =>
        request.Tags?.GetValueOrDefault(IdTag) is { } id
            ? new SlurmJob { Id = id, Request = request }
            : new SlurmJob
            {
                Id = Guid.CreateVersion7().ToString(),
                Request = request,
            };

    /// <summary>Whether a text is an id of a job: it may then stand in a script and in a path.</summary>
    public static bool IsId(string text) => Guid.TryParseExact(text, "D", out _);

    /// <summary>The id in a job's name in Slurm; null if refrag has not named it.</summary>
    public static string? IdIn(string slurmName)
    {
        int dot = slurmName.LastIndexOf('.');
        return dot > 0 && Guid.TryParseExact(slurmName.AsSpan(dot + 1), "D", out _) ? slurmName[(dot + 1)..] : null;
    }

    /// <summary>The id of a task of an array, or of a job that is none: <c>ID:3</c>, <c>ID</c>.</summary>
    public static string PartOf(string id, int? task) =>
        task is null ? id : string.Create(CultureInfo.InvariantCulture, $"{id}:{task}");

    /// <summary>The job's id in that of a part.</summary>
    public static string IdOfPart(string part) => part.Split(':')[0];

    /// <summary>When an id was made, in milliseconds since 1970: the first 48 bits of a UUID of version 7. (RFC 9562)</summary>
    public static long MadeAt(string id) =>
        long.TryParse(id.Replace("-", "", StringComparison.Ordinal).AsSpan(0, 12), NumberStyles.HexNumber, CultureInfo.InvariantCulture,
            out long made) ? made : 0;
}
