using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;

namespace Refrag.Engine.Definitions;

/// <summary>All job definitions, revision by revision. Owned by the writer loop.</summary>
internal sealed class DefinitionTable
{
    /// <summary>The status of a revision that jobs can name.</summary>
    public const string Active = "ACTIVE";

    /// <summary>The status of a revision that was deregistered.</summary>
    public const string Inactive = "INACTIVE";

    private readonly Dictionary<string, List<JobDefinition>> _byName = [];

    /// <summary>The names that have an active revision.</summary>
    public IEnumerable<string> Names => _byName.Where(pair => pair.Value.Exists(IsActive)).Select(pair => pair.Key);

    /// <summary>All revisions, the newest of each name first.</summary>
    public IEnumerable<JobDefinition> All => _byName.OrderBy(pair => pair.Key, StringComparer.Ordinal).SelectMany(pair => Enumerable.Reverse(pair.Value));

    /// <summary>Adds a revision; number and ARN are given here.</summary>
    public JobDefinition Add(JobDefinition definition)
    {
        string name = definition.JobDefinitionName;
        if (!_byName.TryGetValue(name, out List<JobDefinition>? revisions)) _byName[name] = revisions = [];
        int revision = revisions.Count + 1;
        JobDefinition added = definition with { Revision = revision, JobDefinitionArn = LocalArn.Definition(name, revision), Status = Active };
        revisions.Add(added);
        return added;
    }

    /// <summary>Finds <c>name</c> (the newest active revision), <c>name:revision</c> or an ARN; null where there is none.</summary>
    public JobDefinition? Find(string nameOrArn)
    {
        var (name, revision) = Split(nameOrArn);
        if (!_byName.TryGetValue(name, out List<JobDefinition>? revisions)) return null;
        return revision is { } wanted ? revisions.ElementAtOrDefault(wanted - 1) : revisions.FindLast(IsActive);
    }

    /// <summary>Makes a revision inactive. Jobs that were submitted with it go on.</summary>
    public void Deactivate(JobDefinition definition) =>
        _byName[definition.JobDefinitionName][(definition.Revision ?? 1) - 1] = definition with { Status = Inactive };

    /// <summary>Whether jobs can name the revision.</summary>
    public static bool IsActive(JobDefinition definition) => definition.Status == Active;

    private static (string Name, int? Revision) Split(string nameOrArn)
    {
        string text = LocalArn.NameOf(nameOrArn);
        int colon = text.IndexOf(':');
        if (colon < 0) return (text, null);
        bool isNumber = int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int revision);
        // What is no number names no revision.
        return (text[..colon], isNumber ? revision : 0);
    }
}
