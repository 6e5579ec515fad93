using Refrag.Composition.Tree;

namespace Refrag.Composition.Schemas;

/// <summary>
/// Finds keys that no schema knows and that look like one that a schema declares and that is not set. An open schema allows others, but
/// such a one is nearly always a slip of the fingers, and the key that was meant keeps its default.
/// </summary>
internal sealed class MisspeltKeys(ProblemList problems)
{
    public void Check(ConfigMapping config, IEnumerable<PlacedSchema> schemas)
    {
        foreach (var package in schemas.GroupBy(placed => placed.Package, StringComparer.Ordinal))
        {
            var node = package.Key.Length == 0 ? config : ConfigOperations.Select(config, package.Key);
            if (node is ConfigMapping mapping) Check(mapping, [.. package.Select(placed => placed.Schema)], package.Key);
        }
    }

    private void Check(ConfigMapping mapping, IReadOnlyList<Schema> schemas, string path)
    {
        var declared = schemas.SelectMany(schema => schema.Keys).ToLookup(key => key.Name, StringComparer.Ordinal);
        var open = declared.Select(group => group.Key).Where(name => !mapping.ContainsKey(name)).ToList();
        foreach (var entry in mapping)
        {
            string name = entry.Key.ToString();
            string full = path.Length == 0 ? name : $"{path}.{name}";
            if (declared.Contains(name))
            {
                if (entry.Value is ConfigMapping below) Check(below, [.. declared[name].Select(key => key.Keys).OfType<Schema>()], full);
            }
            else if (Suggestion.Nearest(name, open) is { } meant)
            {
                problems.Add(
                    SchemaProblems.Misspelt(full, meant,
                        entry.Value.Origin is ArgumentPlace argument ? argument : entry.KeyMark.ToPlace() ?? entry.Value.Origin));
            }
        }
    }
}
