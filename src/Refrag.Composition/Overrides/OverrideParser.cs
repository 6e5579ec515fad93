using Refrag.Composition.Overrides.Grammar;

namespace Refrag.Composition.Overrides;

/// <summary>Reads overrides. No text makes it throw; it takes time linear in the text's length.</summary>
public static class OverrideParser
{
    /// <summary>
    /// Reads one override, such as <c>+db@backup=mysql</c>. A failure has one problem, which points into <paramref name="text"/>.
    /// </summary>
    public static Result<Override> Parse(string text, OverrideOptions? options = null) =>
        ByDialect(options, dialect => new OverrideReader(text, dialect).Override());

    /// <summary>Reads several. Either all are right, or the problems of all that are wrong come back.</summary>
    public static Result<IReadOnlyList<Override>> ParseAll(IEnumerable<string> texts, OverrideOptions? options = null)
    {
        List<Override> read = [];
        List<Problem> problems = [];
        foreach (string text in texts)
        {
            if (Parse(text, options).TryGet(out Override? value, out IReadOnlyList<Problem> found)) read.Add(value);
            problems.AddRange(found);
        }
        return problems.Count > 0 ? Result<IReadOnlyList<Override>>.Failure(problems) : Success(read);
    }

    /// <summary>
    /// Reads a value, or a part of one, by a rule of the grammar. As in the reference, text that the rule does not need may follow.
    /// </summary>
    public static Result<OverrideValue> ParseValue(string text, ValueRule rule = ValueRule.Value, OverrideOptions? options = null) =>
        ByDialect(options, dialect => new OverrideReader(text, dialect).Value(rule));

    /// <summary>
    /// Reads a key, or a part of one, by a rule of the grammar. As in the reference, text that the rule does not need may follow.
    /// </summary>
    public static Result<OverrideKey> ParseKey(string text, KeyRule rule = KeyRule.Key, OverrideOptions? options = null) =>
        ByDialect(options, dialect => new OverrideReader(text, dialect).Key(rule));

    // The reference's grammar goes first: what it accepts can never mean anything else to us. Only what it refuses is read again.
    private static Result<T> ByDialect<T>(OverrideOptions? options, Func<OverrideOptions, Result<T>> read)
        where T : notnull
    {
        options ??= OverrideOptions.Default;
        Result<T> plain = read(options with { Dialect = OverrideDialect.Hydra });
        return plain.IsSuccess || options.Dialect == OverrideDialect.Hydra ? plain : read(options);
    }

    private static Result<IReadOnlyList<Override>> Success(List<Override> read) => Result<IReadOnlyList<Override>>.Success(read);
}
