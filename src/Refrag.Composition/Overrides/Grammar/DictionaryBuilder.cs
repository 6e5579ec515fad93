using System.Numerics;

namespace Refrag.Composition.Overrides.Grammar;

/// <summary>Collects entries; a key that is there already keeps its place and takes the new value.</summary>
internal sealed class DictionaryBuilder
{
    private readonly List<DictionaryEntry> _entries = [];
    private readonly Dictionary<OverrideValue, int> _places = new(KeyComparer.Instance);

    public void Add(OverrideValue key, OverrideValue value)
    {
        if (_places.TryGetValue(key, out int place))
        {
            _entries[place] = _entries[place] with { Value = value };
            return;
        }
        _places.Add(key, _entries.Count);
        _entries.Add(new DictionaryEntry(key, value));
    }

    public DictionaryValue Build() => new(_entries);

    // The reference's keys are Python's: 1, 1.0 and true are one key, and nan is never equal to itself.
    private sealed class KeyComparer : IEqualityComparer<OverrideValue>
    {
        public static KeyComparer Instance { get; } = new();

        public bool Equals(OverrideValue? x, OverrideValue? y) =>
            Number(x) is { } a && Number(y) is { } b
                ? a == b
                : Number(x) is null && Number(y) is null && !IsNan(x) && Equals((object?)x, y);

        public int GetHashCode(OverrideValue value) => Number(value) is { } number ? number.GetHashCode() : value.GetHashCode();

        // Whole numbers as integers; other floats are equal as floats only.
        private static BigInteger? Number(OverrideValue? value) => value switch
        {
            BooleanValue boolean => boolean.Value ? BigInteger.One : BigInteger.Zero,
            IntegerValue integer => integer.Value,
            FloatValue { Value: var number } when double.IsInteger(number) => new BigInteger(number),
            _ => null,
        };

        private static bool IsNan(OverrideValue? value) => value is FloatValue { Value: double.NaN };
    }
}
