using System.Globalization;
using System.Text.Json.Nodes;
using Refrag.Aws;

namespace Refrag.Server.Fuzz.Grammar;

/// <summary>Makes JSON of a shape.</summary>
/// <param name="chance">Decides.</param>
/// <param name="words">The texts.</param>
internal sealed class ValueGenerator(Random chance, Vocabulary words)
{
    private const int Deepest = 12;

    // What numbers break at: the sizes of types, of timers (2^32 ms), of a day, and of nothing.
    private static readonly long[] s_edges =
        [0, 1, -1, 2, 59, 60, 61, 600, 999, 1000, 1001, 9999, 10_000, 10_001, 86_400, 1_000_000, 4_294_967, 4_294_968, int.MaxValue - 1,
            int.MaxValue, int.MinValue, uint.MaxValue, 1L << 40, long.MaxValue, long.MinValue];

    private static readonly string[] s_numbers = ["9223372036854775808", "-9223372036854775809", "1e400", "-1e400", "1.0", "1e2", "0.5",
        "-0", "123456789012345678901234567890", "2147483648", "1E+2"];

    /// <summary>How many of a hundred values are such as no client should send.</summary>
    public int Wildness { get; set; }

    /// <summary>A value for a member.</summary>
    public JsonNode? Make(string name, ApiShape shape, MemberLimit? limit, int depth = 0)
    {
        if (chance.Next(100) < Wildness && chance.Next(3) == 0) return Wrong();
        return shape.Kind switch
        {
            ShapeKind.Structure => depth > Deepest ? new JsonObject() : Structure(shape, depth),
            ShapeKind.List => List(name, shape, limit, depth),
            ShapeKind.Map => Map(name, shape),
            ShapeKind.Text => Text(name, shape, limit),
            ShapeKind.Whole => Whole(shape, limit),
            ShapeKind.Real =>
                chance.Next(4) switch
                {
                    0 => Number(),
                    1 => limit?.Min ?? 0,
                    2 => limit?.Max ?? 1e300,
                    _ => Math.Round(chance.NextDouble() * 10, 3)
                },
            _ => chance.Next(2) == 0,
        };
    }

    /// <summary>A value of another type than any expects.</summary>
    public JsonNode? Wrong() => chance.Next(9) switch
    {
        0 or 1 => null,
        2 => new JsonObject(),
        3 => new JsonArray(),
        4 => new JsonArray(null, 1, "a"),
        5 => true,
        6 => Number(),
        7 => Hostile(),
        _ => new JsonObject { ["a"] = new JsonArray(new JsonObject { ["b"] = null }) },
    };

    /// <summary>A number as JSON can have it, whether any type can or not.</summary>
    public JsonNode Number() => JsonNode.Parse(s_numbers[chance.Next(s_numbers.Length)])!;

    private JsonObject Structure(ApiShape shape, int depth)
    {
        var made = new JsonObject();
        foreach (ApiMember member in shape.Members)
        {
            if (chance.Next(100) < (member.IsRequired ? 100 - Wildness : depth == 0 ? 25 : 40))
                made[member.Name] = Make(member.Name, member.Shape, member.Limit, depth + 1);
        }
        if (chance.Next(100) < Wildness) made["unknownMember"] = Wrong();
        return made;
    }

    private JsonArray List(string name, ApiShape shape, MemberLimit? limit, int depth)
    {
        double most = limit?.Max ?? (shape.Rule as ListRule)?.Max ?? 10;
        int count = chance.Next(100) < Wildness ? (int)Math.Min(most + chance.Next(-1, 2), 200) : chance.Next(1, 4);
        return [.. Enumerable.Range(0, Math.Max(count, 0)).Select(_ => Make(name, shape.Element, null, depth + 1))];
    }

    private JsonObject Map(string name, ApiShape shape)
    {
        var made = new JsonObject();
        int count = chance.Next(100) < Wildness ? chance.Next(60) : chance.Next(3);
        for (int i = 0; i < count; i++) made[chance.Next(100) < Wildness ? Hostile() : $"key{i}"] = chance.Next(100) < Wildness
            ? Wrong()
            : Text(name, shape.Element, null);
        return made;
    }

    private string Text(string name, ApiShape shape, MemberLimit? limit)
    {
        if (chance.Next(100) < Wildness) return Hostile();
        if (shape.Rule is EnumerationRule known) return known.Values[chance.Next(known.Values.Count)];
        if (chance.Next(30) != 0) return words.Plausible(name);
        double most = limit?.Max ?? (shape.Rule as TextRule)?.Max ?? 300;
        return new string('a', (int)Math.Min(most + chance.Next(-1, 2), 5000));
    }

    private string Hostile() => chance.Next(6) switch
    {
        0 => new string((char)chance.Next(1, 0x2fff), chance.Next(1, 2000)),
        1 => chance.NextInt64(long.MinValue, long.MaxValue).ToString(CultureInfo.InvariantCulture),
        _ => Words.Hostile[chance.Next(Words.Hostile.Count)],
    };

    private JsonNode Whole(ApiShape shape, MemberLimit? limit)
    {
        if (chance.Next(100) < Wildness && chance.Next(3) == 0) return Number();
        double? least = limit?.Min ?? (shape.Rule as NumberRule)?.Min, most = limit?.Max ?? (shape.Rule as NumberRule)?.Max;
        long value = chance.Next(5) switch
        {
            0 => s_edges[chance.Next(s_edges.Length)],
            1 when least is { } min => (long)min - (chance.Next(100) < Wildness ? 1 : 0),
            2 when most is { } max => (long)max + (chance.Next(100) < Wildness ? 1 : 0),
            _ => (long)(least ?? 0) + chance.Next(20),
        };
        // A number beyond its type is a wrong type, which the wild requests have.
        return shape.IsLong || chance.Next(100) < Wildness ? value : Math.Clamp(value, int.MinValue, int.MaxValue);
    }
}
