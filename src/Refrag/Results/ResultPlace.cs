using System.Globalization;
using System.Text.RegularExpressions;

namespace Refrag.Results;

/// <summary>
/// Where a store keeps the files of a job, of an array's child or of a node: below the job's id, and the child's index or the node's
/// number.
/// </summary>
public sealed partial record ResultPlace
{
    private ResultPlace(string jobId, string? part) => (JobId, Part) = (jobId, part);

    /// <summary>The id, as Batch writes it: <c>ID</c>, <c>ID:3</c> for a child, <c>ID#1</c> for a node.</summary>
    public string JobId { get; }

    /// <summary>The folder of a child, <c>3</c>, or of a node, <c>node-1</c>; null for a job of one part.</summary>
    public string? Part { get; }

    /// <summary>The place of an id; null if it is none.</summary>
    public static ResultPlace? Of(string jobId)
    {
        if (Id().Match(jobId) is not { Success: true } match) return null;
        string number = match.Groups["number"].Value;
        return new ResultPlace(jobId, match.Groups["mark"].Value switch
        {
            ":" => number,
            "#" => $"node-{number}",
            _ => null,
        });
    }

    /// <summary>What stands before the names of an attempt's files in the store.</summary>
    public string FolderOf(int attempt) =>
        string.Create(CultureInfo.InvariantCulture, $"{JobId.Split(':', '#')[0]}/{(Part is null ? "" : Part + "/")}attempt-{attempt}");

    /// <summary>The name of an attempt's index.</summary>
    internal string IndexOf(int attempt) => $"{FolderOf(attempt)}/index.json";

    /// <summary>The name of a file of an attempt.</summary>
    internal string NameOf(int attempt, string path) => $"{FolderOf(attempt)}/files/{path}";

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9-]{0,127}((?<mark>[:#])(?<number>[0-9]{1,9}))?$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Id();
}
