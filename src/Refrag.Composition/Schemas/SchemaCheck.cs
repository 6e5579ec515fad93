using Refrag.Composition.Tree;

namespace Refrag.Composition.Schemas;

/// <summary>
/// Checks a configuration against schemas. Values that are still open (???) or that are interpolations are left alone until they are
/// resolved.
/// </summary>
internal sealed class SchemaCheck(ProblemList problems, ProblemList warnings, OwnedKeys owned)
{
    private IReadOnlyList<PlacedSchema> _all = [];

    public void Check(ConfigMapping config, IReadOnlyList<PlacedSchema> schemas)
    {
        _all = schemas;
        foreach (var package in schemas.GroupBy(placed => placed.Package, StringComparer.Ordinal))
        {
            var node = package.Key.Length == 0 ? config : ConfigOperations.Select(config, package.Key);
            if (node is not ConfigMapping mapping) continue;
            Schema[] together = [.. package.Select(placed => placed.Schema)];
            foreach (var schema in together) Check(mapping, schema, package.Key);
            CheckUnknown(mapping, together, package.Key);
        }
    }

    private void Check(ConfigMapping mapping, Schema schema, string path)
    {
        foreach (var key in schema.Keys)
        {
            string full = Join(path, key.Name);
            if (mapping[key.Name] is { } value) Check(value, key, full);
            else if (key.IsRequired) problems.Add(SchemaProblems.Required(key, full, mapping.Origin));
        }
    }

    // A key is known if one of the schemas of its mapping declares it.
    private void CheckUnknown(ConfigMapping mapping, Schema[] schemas, string path)
    {
        if (schemas.Length == 0) return;
        bool isClosed = schemas.Any(schema => schema.IsClosed);
        foreach (var entry in mapping)
        {
            string name = entry.Key.ToString(), full = Join(path, name);
            SchemaKey[] declared = [.. schemas.Select(schema => schema.Find(name)).OfType<SchemaKey>()];
            if (declared.Length > 0) CheckUnknown(entry.Value, declared, full);
            else if (isClosed && !owned.Has(full)) ReportUnknown(entry, schemas, path);
        }
    }

    private void CheckUnknown(ConfigNode value, SchemaKey[] declared, string path)
    {
        SchemaKey[] items = [.. declared.Select(key => key.Items).OfType<SchemaKey>()];
        if (value is ConfigMapping mapping)
        {
            CheckUnknown(mapping, [.. declared.Select(key => key.Keys).OfType<Schema>()], path);
            if (items.Length == 0) return;
            foreach (var entry in mapping) CheckUnknown(entry.Value, items, Join(path, entry.Key.ToString()));
        }
        else if (value is ConfigList list && items.Length > 0)
        {
            for (int i = 0; i < list.Count; i++) CheckUnknown(list[i], items, $"{path}.{i}");
        }
    }

    private void ReportUnknown(ConfigEntry entry, Schema[] schemas, string path)
    {
        Place? place = entry.Value.Origin is ArgumentPlace ? entry.Value.Origin : entry.KeyMark.ToPlace() ?? entry.Value.Origin;
        bool isForced = place is ArgumentPlace { Text: ['+', '+', ..] };
        string name = entry.Key.ToString();
        string? near = NearKey.Of(name, path, [], _all);
        (isForced ? warnings : problems).Add(SchemaProblems.Unknown(name, path, schemas, near, place, isForced));
    }

    private void Check(ConfigNode value, SchemaKey key, string path)
    {
        if (value.IsMissing || value.IsInterpolation) return;
        if (value.IsNull)
        {
            if (key.Type != SchemaType.Any && !key.IsNullable) problems.Add(SchemaProblems.Null(key, path, value.Origin));
            return;
        }
        if (!TryMeasure(value, key.Type, out decimal? measure)) problems.Add(SchemaProblems.WrongType(value, key, path));
        else if (key.Choices.Count > 0 && !key.Choices.Contains(ValueText.Of(value)))
            problems.Add(SchemaProblems.NoChoice(value, key, path));
        else if (measure < key.Min || measure > key.Max) problems.Add(SchemaProblems.OutOfRange(value, key, path));
        else CheckBelow(value, key, path);
    }

    private void CheckBelow(ConfigNode value, SchemaKey key, string path)
    {
        if (value is ConfigMapping mapping)
        {
            if (key.Keys is not null) Check(mapping, key.Keys, path);
            if (key.Items is not null)
            {
                foreach (var entry in mapping) Check(entry.Value, key.Items, Join(path, entry.Key.ToString()));
            }
        }
        else if (value is ConfigList list && key.Items is not null)
        {
            for (int i = 0; i < list.Count; i++) Check(list[i], key.Items, $"{path}.{i}");
        }
    }

    // Whether the value is of the type, and the number that limits are compared with.
    private static bool TryMeasure(ConfigNode value, SchemaType type, out decimal? measure)
    {
        measure = null;
        var scalar = value as ConfigScalar;
        switch (type)
        {
            case SchemaType.Any:
                measure = NumberOf(scalar);
                return true;
            case SchemaType.Int:
                measure = NumberOf(scalar);
                return scalar?.Kind == ScalarKind.Integer;
            case SchemaType.Number:
                measure = NumberOf(scalar);
                return scalar?.Kind is ScalarKind.Integer or ScalarKind.Float;
            case SchemaType.Bool:
                return scalar?.Kind == ScalarKind.Boolean;
            case SchemaType.String:
                measure = scalar?.Text?.Length;
                return scalar is not null && scalar.Kind != ScalarKind.Bytes;
            case SchemaType.List:
                measure = (value as ConfigList)?.Count;
                return value is ConfigList;
            case SchemaType.Mapping:
                return value is ConfigMapping;
            case SchemaType.Size:
                measure = scalar is { Kind: ScalarKind.Integer or ScalarKind.Float or ScalarKind.String }
                    ? SchemaTypes.ParseSize(scalar.ToString())
                    : null;
                return measure is >= 0 && measure == decimal.Truncate(measure.Value);
            default:
                measure = scalar is { Kind: ScalarKind.Integer or ScalarKind.Float or ScalarKind.String }
                    ? SchemaTypes.ParseDuration(scalar.ToString())
                    : null;
                return measure is >= 0;
        }
    }

    // Numbers that decimal cannot hold are beyond every limit that a schema has.
    private static decimal? NumberOf(ConfigScalar? scalar)
    {
        if (scalar?.Integer is { } integer)
            return integer > (System.Numerics.BigInteger)decimal.MaxValue
                ? decimal.MaxValue
                : integer < (System.Numerics.BigInteger)decimal.MinValue ? decimal.MinValue : (decimal)integer;
        if (scalar?.Float is not { } number || double.IsNaN(number)) return null;
        return number >= (double)decimal.MaxValue
            ? decimal.MaxValue
            : number <= (double)decimal.MinValue ? decimal.MinValue : (decimal)number;
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
