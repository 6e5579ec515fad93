using Refrag.Aws.Batch;
using Refrag.Engine.Names;

namespace Refrag.Engine.Resources;

/// <summary>What all resources have in common.</summary>
internal static class ResourceRules
{
    /// <summary>Refuses a name that no resource can have, and one that is taken.</summary>
    /// <param name="table">Where it would be.</param>
    /// <param name="kind">What it would be, for people.</param>
    /// <param name="name">Its name.</param>
    /// <param name="most">How many of its kind there can be.</param>
    /// <param name="key">What it would be found by, where that is not its name.</param>
    public static void CheckNew<T>(ResourceTable<T> table, string kind, string name, int most, string? key = null)
        where T : class
    {
        // AWS documents the rule for most kinds; the others follow it here.
        if (!BatchLimits.IsName(name)) throw new Refusal($"\"{name}\" is not a name for a {kind}. Use {BatchLimits.NameRule}.");
        // AWS says no more than the first three words.
        if (table.TryGet(key ?? name, out _)) throw new Refusal($"Object already exists: there is a {kind} {name}.");
        if (table.Count >= most)
            throw new Refusal($"There are {table.Count} of the kind {kind}, the most that there can be. Delete one first.");
    }

    /// <summary>Refuses an update of a resource that is being deleted: it would undo the deletion.</summary>
    /// <param name="name">The resource's name.</param>
    /// <param name="status">Its status; the statuses of all kinds share their names.</param>
    public static void CheckChangeable(string name, string? status)
    {
        if (status is CEStatus.Deleting or CEStatus.Deleted)
            throw new Refusal($"Cannot update, resource is being modified: {name} is being deleted.");
    }

    /// <summary>Refuses an update of a resource that is still being created or updated, if changes take time.</summary>
    /// <param name="name">The resource's name.</param>
    /// <param name="status">Its status; the statuses of all kinds share their names.</param>
    /// <param name="latency">How long a change takes; zero refuses nothing.</param>
    public static void CheckSettled(string name, string? status, TimeSpan latency)
    {
        bool isBusy = status is CEStatus.Creating or CEStatus.Updating;
        if (isBusy && latency > TimeSpan.Zero) throw new Refusal($"Cannot update, resource is being modified: {name} is {status}.");
    }

    /// <summary>The resource of a name or ARN, or a refusal.</summary>
    public static T Existing<T>(ResourceTable<T> table, string kind, string nameOrArn)
        where T : class =>
        table.Find(nameOrArn) ?? throw new Refusal($"{kind} {nameOrArn} does not exist.{Suggestion.Sentence(nameOrArn, table.Names)}");

    /// <summary>Refuses tags that no resource can have.</summary>
    public static IReadOnlyDictionary<string, string> Tags(IReadOnlyDictionary<string, string>? tags)
    {
        if (tags is null) return new Dictionary<string, string>();
        if (tags.Count > BatchLimits.Tags) throw new Refusal($"{tags.Count} tags are too many. Give at most {BatchLimits.Tags}.");
        return tags;
    }
}
