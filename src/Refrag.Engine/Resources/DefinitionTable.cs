using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Refrag.Aws.Batch;
using Refrag.Engine.Names;

namespace Refrag.Engine.Resources;

/// <summary>
/// All job definitions, revision by revision. The writer loop owns it; <see cref="Revision"/> may be asked from any thread, by readers of
/// ended jobs.
/// </summary>
/// <param name="arns">The ARNs of the engine.</param>
/// <param name="changed">Takes what is to be stored; null if nothing is.</param>
internal sealed class DefinitionTable(LocalArns arns, Action<ResourceChange>? changed = null)
{
    private static readonly JsonTypeInfo<JobDefinition> s_json =
        (JsonTypeInfo<JobDefinition>)BatchJson.Options.GetTypeInfo(typeof(JobDefinition));
    private readonly SortedDictionary<string, SortedDictionary<int, JobDefinition>> _byName = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, JobDefinition> _revisions = new(StringComparer.Ordinal);

    /// <summary>The ARNs of the engine whose definitions these are.</summary>
    public LocalArns Arns => arns;

    /// <summary>The names that have an active revision.</summary>
    public IEnumerable<string> Names => _byName.Where(pair => pair.Value.Values.Any(IsActive)).Select(pair => pair.Key);

    /// <summary>All revisions, the newest of each name first.</summary>
    public IEnumerable<JobDefinition> All => _byName.Values.SelectMany(revisions => revisions.Values.Reverse());

    /// <summary>The revisions of one name, the newest first.</summary>
    public IEnumerable<JobDefinition> Named(string name) => _byName.TryGetValue(name, out var revisions) ? revisions.Values.Reverse() : [];

    /// <summary>Adds a revision; number and ARN are given here.</summary>
    public JobDefinition Add(JobDefinition definition)
    {
        string name = definition.JobDefinitionName;
        int revision = _byName.TryGetValue(name, out var revisions) ? revisions.Keys.Last() + 1 : 1;
        JobDefinition added = definition with
        {
            Revision = revision,
            JobDefinitionArn = Arns.Definition(name, revision),
            Status = JobDefinitionStatus.Active,
        };
        Put(added);
        return added;
    }

    /// <summary>Finds <c>name</c> (the newest active revision), <c>name:revision</c> or an ARN; null if there is none.</summary>
    public JobDefinition? Find(string nameOrArn)
    {
        if (Arns.NameOf(ResourceKinds.JobDefinition, nameOrArn) is not { } text) return null;
        return text.Contains(':') ? Revision(text) : Named(text).FirstOrDefault(IsActive);
    }

    /// <summary>One revision, active or not: <c>name:revision</c>.</summary>
    public JobDefinition? Revision(string nameAndRevision) => _revisions.GetValueOrDefault(nameAndRevision);

    /// <summary>Replaces a revision's record: its status or its tags. Jobs that were submitted with it are not affected.</summary>
    public void Put(JobDefinition definition)
    {
        Keep(definition);
        changed?.Invoke(new ResourceChange(ResourceKinds.JobDefinition, Key(definition), definition, s_json));
    }

    /// <summary>Puts one back that was stored.</summary>
    public void Restore(string body) =>
        Keep(JsonSerializer.Deserialize(body, s_json) ?? throw new JsonException("An empty job definition."));

    /// <summary>Whether jobs can name the revision.</summary>
    public static bool IsActive(JobDefinition definition) => definition.Status == JobDefinitionStatus.Active;

    private void Keep(JobDefinition definition)
    {
        if (!_byName.TryGetValue(definition.JobDefinitionName, out var revisions)) _byName[definition.JobDefinitionName] = revisions = [];
        revisions[definition.Revision ?? 1] = definition;
        _revisions[Key(definition)] = definition;
    }

    private static string Key(JobDefinition definition) =>
        string.Create(CultureInfo.InvariantCulture, $"{definition.JobDefinitionName}:{definition.Revision}");
}
