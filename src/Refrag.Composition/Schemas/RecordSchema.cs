using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;

namespace Refrag.Composition.Schemas;

/// <summary>
/// Reads a schema off a record, by what the JSON source generator knows of it: nothing is looked up by name at run time, so it works under
/// native AOT.
/// </summary>
internal static class RecordSchema
{
    public static Schema Of(JsonTypeInfo type) => Of(type, []);

    // A record that holds itself is described once; below that anything may stand.
    private static Schema Of(JsonTypeInfo type, IReadOnlyList<Type> above) => new()
    {
        Description = type.Type.GetCustomAttribute<DescriptionAttribute>()?.Description,
        IsClosed = true,
        Keys = [.. type.Properties.Select(property => Key(property, type, [.. above, type.Type]))],
    };

    private static SchemaKey Key(JsonPropertyInfo property, JsonTypeInfo type, IReadOnlyList<Type> above)
    {
        var range = Attribute<RangeAttribute>(property);
        SchemaKey key = Value(property.PropertyType, property.Name, type, above);
        IEnumerable<object?> allowed = Attribute<AllowedValuesAttribute>(property)?.Values ?? [];
        return key with
        {
            Description = Attribute<DescriptionAttribute>(property)?.Description,
            Min = Limit(range?.Minimum),
            Max = Limit(range?.Maximum),
            Choices = [.. key.Choices, .. allowed.Select(Text)],
            IsRequired = property.IsRequired,
            IsNullable = Nullable.GetUnderlyingType(property.PropertyType) is not null
                || (!property.PropertyType.IsValueType && property.IsSetNullable),
            Default = Attribute<DefaultValueAttribute>(property) is { Value: { } value } ? Text(value) : null,
        };
    }

    private static SchemaKey Value(Type declared, string name, JsonTypeInfo owner, IReadOnlyList<Type> above)
    {
        Type type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (type.IsEnum) return new SchemaKey { Name = name, Type = SchemaType.String, Choices = Enum.GetNames(type) };
        if (Scalar(type) is { } scalar) return new SchemaKey { Name = name, Type = scalar };
        JsonTypeInfo inside = owner.Options.GetTypeInfo(type);
        return inside.Kind switch
        {
            JsonTypeInfoKind.Enumerable =>
                new SchemaKey { Name = name, Type = SchemaType.List, Items = Value(inside.ElementType!, name, owner, above) },
            JsonTypeInfoKind.Dictionary =>
                new SchemaKey { Name = name, Type = SchemaType.Mapping, Items = Value(inside.ElementType!, name, owner, above) },
            JsonTypeInfoKind.Object when !above.Contains(type) =>
                new SchemaKey { Name = name, Type = SchemaType.Mapping, Keys = Of(inside, above) },
            _ => new SchemaKey { Name = name },
        };
    }

    private static SchemaType? Scalar(Type type)
    {
        if (type == typeof(string)) return SchemaType.String;
        if (type == typeof(bool)) return SchemaType.Bool;
        if (type == typeof(TimeSpan)) return SchemaType.Duration;
        if (type == typeof(int) || type == typeof(long) || type == typeof(short) || type == typeof(byte) || type == typeof(uint))
            return SchemaType.Int;
        return type == typeof(double) || type == typeof(float) || type == typeof(decimal) ? SchemaType.Number : null;
    }

    // A range that is open at one end is written with the type's own limit, or an infinite one.
    private static decimal? Limit(object? limit) => limit switch
    {
        int.MinValue or int.MaxValue => null,
        int whole => whole,
        double number when Math.Abs(number) < 1e28 => (decimal)number,
        _ => null,
    };

    private static string Text(object? value) => value switch
    {
        null => "null",
        bool truth => truth ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static T? Attribute<T>(JsonPropertyInfo property)
        where T : Attribute => property.AttributeProvider?.GetCustomAttributes(typeof(T), inherit: true).OfType<T>().FirstOrDefault();
}
