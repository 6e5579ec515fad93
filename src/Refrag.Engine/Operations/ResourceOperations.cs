using Refrag.Engine.Names;
using Refrag.Engine.Resources;
using Refrag.Engine.State;

namespace Refrag.Engine.Operations;

/// <summary>What a kind of resources has in common with the others, in its own words.</summary>
/// <param name="Kind">One of <see cref="ResourceKinds"/>.</param>
/// <param name="Words">What one is called, for people: <c>job queue</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="State">ENABLED or DISABLED.</param>
/// <param name="Status">CREATING, VALID and so on; the statuses of all kinds share their names.</param>
/// <param name="Deleting">The same resource, being deleted.</param>
internal sealed record ResourceTraits<T>(
    string Kind, string Words, Func<T, string> Name, Func<T, string?> State, Func<T, string?> Status, Func<T, T> Deleting);

/// <summary>
/// Create, Update, Delete and Describe of resources that go from CREATING over VALID to DELETING: the steps that are the same for all
/// kinds. Owned by the writer loop.
/// </summary>
/// <param name="state">The engine's state.</param>
/// <param name="table">The resources.</param>
/// <param name="traits">What the kind is like.</param>
/// <param name="advance">Finishes in a later step what a request has begun.</param>
internal sealed class ResourceOperations<T>(EngineState state, ResourceTable<T> table, ResourceTraits<T> traits, Action advance)
    where T : class
{
    /// <summary>Makes one, or refuses its name.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="most">How many of its kind there can be.</param>
    /// <param name="make">Makes it as it is while it is being created, or refuses.</param>
    /// <param name="key">What it is found by, where that is not its name.</param>
    public T Create(string name, int most, Func<T> make, string? key = null)
    {
        ResourceRules.CheckNew(table, traits.Words, name, most, key);
        return Begin(make());
    }

    /// <summary>Changes one; refuses if there is none, or if another change of it is under way.</summary>
    /// <param name="nameOrArn">Which.</param>
    /// <param name="change">The resource as it is while it is being updated, or a refusal.</param>
    public T Update(string nameOrArn, Func<T, T> change)
    {
        T before = ResourceRules.Existing(table, traits.Words, nameOrArn);
        ResourceRules.CheckChangeable(traits.Name(before), traits.Status(before));
        ResourceRules.CheckSettled(traits.Name(before), traits.Status(before), state.Options.ChangeLatency);
        return Begin(change(before));
    }

    /// <summary>
    /// Deletes one that is DISABLED and gives it as it was. Null if there is none: deleting that is a success, as with every Delete of
    /// Batch.
    /// </summary>
    /// <param name="nameOrArn">Which.</param>
    /// <param name="check">Refuses where something still needs it; null for nothing that could.</param>
    public T? Delete(string nameOrArn, Action<T>? check = null)
    {
        if (table.Find(nameOrArn) is not { } found) return null;
        // ENABLED and DISABLED are the same words for all kinds.
        if (traits.State(found) != Aws.Batch.CEState.Disabled)
            throw new Refusal($"Cannot delete, {traits.Words} must be DISABLED. Set its state with {UpdateOperation} first.");
        check?.Invoke(found);
        Begin(traits.Deleting(found));
        return found;
    }

    /// <summary>A page of all of them, or of those that are named.</summary>
    /// <param name="operation">The operation that asks.</param>
    /// <param name="named">Names or ARNs; null or empty for all.</param>
    /// <param name="token">The request's token.</param>
    /// <param name="maximum">The request's maxResults.</param>
    public (IReadOnlyList<T> Items, string? Next) Describe(string operation, IReadOnlyList<string>? named, string? token, int? maximum)
    {
        string[]? asked = named is { Count: > 0 } ? [.. named.Select(name => state.Arns.NameOf(traits.Kind, name) ?? "")] : null;
        IEnumerable<T> found = table.All.Where(one => asked?.Contains(traits.Name(one)) != false);
        return Page.Of(found, traits.Name, $"{operation} {string.Join(' ', asked ?? [])}", token, maximum);
    }

    private string UpdateOperation =>
        $"Update{string.Concat(traits.Words.Split(' ').Select(word => char.ToUpperInvariant(word[0]) + word[1..]))}";

    private T Begin(T one)
    {
        table.Put(one);
        advance();
        return one;
    }
}
