using System.Collections.Concurrent;
using Refrag.Composition.Search;
using Refrag.Composition.Tree;

namespace Refrag.Composition.Schemas;

/// <summary>
/// Finds the schemas of a composition: <c>GROUP/_schema.yaml</c> for every option of a group, <c>GROUP/_schema/OPTION.yaml</c> for one of
/// them, and what C# declared. A schema applies where the option's content goes. The schema of one option says nothing of another file of
/// that name that stands before it in the search path.
/// </summary>
internal sealed class SchemaLibrary(
    ConfigRepository repository, ConcurrentDictionary<string, SchemaFile?> known, IReadOnlyList<PlacedSchema> declared,
    ProblemList problems)
{
    public IReadOnlyList<PlacedSchema> For(IReadOnlyList<ResolvedDefault> items)
    {
        var placed = new List<PlacedSchema>(declared);
        var seen = new HashSet<(string Path, string Package)>();
        foreach (var item in items)
        {
            int slash = item.ConfigPath.LastIndexOf('/');
            string group = slash < 0 ? "" : item.ConfigPath[..(slash + 1)];
            if (IsRecognized($"{group}_schema", item)) Add($"{group}_schema", item.Package);
            string own = $"{group}_schema/{item.ConfigPath[(slash + 1)..]}";
            if (IsAbout(own, item)) Add(own, item.Package);
        }
        return placed;

        void Add(string path, string package)
        {
            if (seen.Add((path, package)) && Load(path) is { } schema) placed.Add(new PlacedSchema(package, schema));
        }
    }

    // A project may have a group of that name for something else: its files are then none that the schema is about.
    private bool IsRecognized(string path, ResolvedDefault item)
    {
        if (Read(path) is not { Mark: { } mark, Schema: { } schema } || IsAbout(path, item)) return true;
        return (item.File?.Body as ConfigMapping)?[mark] is ConfigScalar value
            && (schema.Find(mark) is not { Choices.Count: > 0 } key || value.IsInterpolation || key.Choices.Contains(ValueText.Of(value)));
    }

    private bool IsAbout(string path, ResolvedDefault item) =>
        item.File is null || (repository.Load(path) is { } schema && Rank(schema.Source) <= Rank(item.File.Source));

    private int Rank(string source)
    {
        for (int rank = 0; rank < repository.Sources.Count; rank++)
        {
            if (repository.Sources[rank].Source.Name == source) return rank;
        }
        return int.MaxValue;
    }

    private Schema? Load(string path)
    {
        if (Read(path) is not { } file) return null;
        problems.AddRange(file.Problems);
        return file.Schema;
    }

    private SchemaFile? Read(string path) => known.GetOrAdd(path, static (wanted, searched) => Read(wanted, searched), repository);

    private static SchemaFile? Read(string path, ConfigRepository repository)
    {
        if (repository.Load(path) is not { } file) return null;
        return file.Problems.Count > 0 ? new SchemaFile(Schema.Of(), file.Problems) : SchemaReader.Read(file.Body);
    }
}
