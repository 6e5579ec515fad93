using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Refrag.Aws.Batch;
using Refrag.Engine.Names;

namespace Refrag.Engine.Resources;

/// <summary>The resources of one kind, by name. Owned by the writer loop; what is put here goes into the next commit.</summary>
internal sealed class ResourceTable<T>(string kind, LocalArns arns, Func<T, string> name, Action<ResourceChange> changed)
    where T : class
{
    private readonly SortedDictionary<string, T> _byName = new(StringComparer.Ordinal);
    private readonly JsonTypeInfo<T> _json = (JsonTypeInfo<T>)BatchJson.Options.GetTypeInfo(typeof(T));

    /// <summary>All of them, by name.</summary>
    public IEnumerable<T> All => _byName.Values;

    /// <summary>How many there are.</summary>
    public int Count => _byName.Count;

    /// <summary>The names.</summary>
    public IEnumerable<string> Names => _byName.Keys;

    /// <summary>One by its name or its ARN.</summary>
    public bool TryGet(string nameOrArn, [NotNullWhen(true)] out T? found)
    {
        found = null;
        return arns.NameOf(kind, nameOrArn) is { } key && _byName.TryGetValue(key, out found);
    }

    /// <summary>One by its name or its ARN; null if there is none.</summary>
    public T? Find(string? nameOrArn) => nameOrArn is not null && TryGet(nameOrArn, out T? found) ? found : null;

    /// <summary>Adds one, or replaces the one of its name.</summary>
    public void Put(T one)
    {
        _byName[name(one)] = one;
        changed(new ResourceChange(kind, name(one), one, _json));
    }

    /// <summary>Removes one.</summary>
    public void Remove(T one)
    {
        _byName.Remove(name(one));
        changed(new ResourceChange(kind, name(one), null, _json));
    }

    /// <summary>Puts one back that was stored.</summary>
    /// <param name="body">Its JSON.</param>
    /// <param name="adapt">Makes of one of an earlier version what this version understands; null if there is no need.</param>
    public void Restore(string body, Func<T, T>? adapt = null)
    {
        T one = JsonSerializer.Deserialize(body, _json) ?? throw new JsonException($"An empty {kind}.");
        if (adapt is not null) one = adapt(one);
        _byName[name(one)] = one;
    }
}
