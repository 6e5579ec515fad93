using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Refrag.Aws;

/// <summary>
/// Walks a request beside the rules, and collects every broken limit. It looks at the objects themselves: written as JSON they would cost
/// as much as all the rest of a submission.
/// </summary>
/// <param name="operation">The operation's name, which the path of a problem begins with.</param>
/// <param name="skip">Members of the request itself that travel outside the body.</param>
/// <param name="ceilings">What holds for texts, lists and maps that have no limit of their own; null for no limit.</param>
internal sealed class ShapeWalk(string operation, IReadOnlyList<string> skip, Ceilings? ceilings = null)
{
    // Of one letter as JSON (\u0001), of punctuation around a value, and of a number.
    private const int LetterBytes = 6;
    private const int ValueBytes = 8;
    private const int NumberBytes = 32;

    private readonly List<Problem> _problems = [];

    // Where the walk is. Most walks find nothing, so that words are made of it only for a problem.
    private readonly List<Step> _steps = [];

    public IReadOnlyList<Problem> Problems => _problems;

    /// <summary>Whether a list or a map holds a null, so that not all its records can be checked.</summary>
    public bool HasNulls { get; private set; }

    /// <summary>
    /// At least as many bytes as the checked value has as JSON. Few requests come near a limit of bytes; only those need be written to be
    /// counted.
    /// </summary>
    public long MostBytes { get; private set; }

    /// <summary>Looks through a value and all that is in it.</summary>
    public void Check(object? value, RuledShape shape)
    {
        // Only lists and maps can hold a null here: members that are null are not there.
        if (value is null)
        {
            HasNulls = true;
            _problems.Add(LimitProblems.Missing(Path()));
            return;
        }
        Count(value);
        CheckCeiling(value);
        switch (shape.Rule)
        {
            case StructureRule:
                Func<object, object?>?[] getters = shape.GettersOf(value.GetType());
                for (int i = 0; i < getters.Length; i++)
                {
                    RuledMember member = shape.Members[i];
                    if (_steps.Count > 0 || !skip.Contains(member.Name)) CheckMember(getters[i]?.Invoke(value), member);
                }
                break;
            case ListRule rule:
                var list = (IList)value;
                CheckRange("elements", list.Count, rule.Min, rule.Max);
                for (int i = 0; i < list.Count; i++) CheckInside(new Step(null, i), list[i], shape.Element);
                break;
            case MapRule rule:
                var map = (IReadOnlyDictionary<string, string?>)value;
                // Batch takes an empty map of tags as none, whatever its model says. (Airflow and miniwdl-aws send one by default)
                CheckRange("entries", map.Count, map.Count == 0 ? null : rule.Min, rule.Max);
                foreach (var (key, held) in map) CheckEntry(key, held, shape);
                break;
            case EnumerationRule rule:
                CheckKnown((string)value, shape.Name, rule);
                break;
            case TextRule { Min: null, Max: null, Pattern: null }:
                break;
            case TextRule rule:
                CheckText((string)value, rule, shape.Limit, null);
                break;
            case NumberRule rule:
                CheckRange(null, Number(value), rule.Min, rule.Max);
                break;
        }
    }

    private void CheckCeiling(object value)
    {
        if (value is string text && text.Contains('\0')) _problems.Add(LimitProblems.Nul(Path()));
        if (ceilings is null) return;
        switch (value)
        {
            case string { Length: var length } when length > ceilings.Characters:
                CheckRange("characters", length, null, ceilings.Characters, isEngines: true);
                break;
            case IReadOnlyDictionary<string, string?> { Count: var count } when count > ceilings.Elements:
                CheckRange("entries", count, null, ceilings.Elements, isEngines: true);
                break;
            case IList { Count: var count } when count > ceilings.Elements:
                CheckRange("elements", count, null, ceilings.Elements, isEngines: true);
                break;
        }
    }

    private void Count(object value) => MostBytes += ValueBytes + (value is string text ? (long)LetterBytes * text.Length : NumberBytes);

    private void CheckInside(Step step, object? value, RuledShape shape)
    {
        _steps.Add(step);
        Check(value, shape);
        _steps.RemoveAt(_steps.Count - 1);
    }

    private void CheckEntry(string key, string? value, RuledShape shape)
    {
        Count(key);
        if (key.Contains('\0')) _problems.Add(LimitProblems.Nul(Path()));
        if (shape.Key.Rule is TextRule rule) CheckText(key, rule, shape.Key.Limit, key);
        CheckInside(new Step(key, 0), value, shape.Element);
    }

    private void CheckMember(object? value, RuledMember member)
    {
        if (value is null && !member.IsRequired) return;
        Count(member.Name);
        _steps.Add(new Step(member.Name, 0));
        if (value is null or "" && member.IsRequired) _problems.Add(LimitProblems.Missing(Path()));
        else
        {
            Check(value, member.Shape);
            if (member.Limit is { } limit) CheckDocumented(value!, limit);
        }
        _steps.RemoveAt(_steps.Count - 1);
    }

    private void CheckDocumented(object value, MemberLimit limit)
    {
        switch (value)
        {
            case string text:
                CheckRange("characters", text.Length, limit.Min, limit.Max, isEngines: limit.IsEngines);
                if (limit.Pattern is { } pattern && !pattern.IsMatch(text)) _problems.Add(LimitProblems.Shape(Path(), text, limit.Words!));
                break;
            case IReadOnlyDictionary<string, string?> map:
                CheckRange("entries", map.Count, limit.Min, limit.Max, isEngines: limit.IsEngines);
                break;
            case IList list:
                CheckRange("elements", list.Count, limit.Min, limit.Max, isEngines: limit.IsEngines);
                break;
            case IConvertible:
                CheckRange(null, Number(value), limit.Min, limit.Max, isEngines: limit.IsEngines);
                break;
        }
    }

    // A float as its digits say, not as the nearest double to it: 999.9999 is within a limit of 999.9999.
    private static double Number(object value) =>
        value is float single
            ? double.Parse(single.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
            : Convert.ToDouble(value, CultureInfo.InvariantCulture);

    private void CheckKnown(string value, string shape, EnumerationRule rule)
    {
        // Batch takes the actions of a retry in any case. (API EvaluateOnExit)
        var comparer = shape.EndsWith("RetryAction", StringComparison.Ordinal) ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        if (!rule.Values.Contains(value, comparer)) _problems.Add(LimitProblems.Unknown(Path(), value, rule.Values));
    }

    private void CheckText(string text, TextRule rule, MemberLimit? limit, string? key)
    {
        CheckRange("characters", text.Length, rule.Min, rule.Max, key);
        if (rule.Pattern is { } pattern && !Regex.IsMatch(text, $@"^(?:{pattern})\z", RegexOptions.None, TimeSpan.FromSeconds(1)))
            _problems.Add(LimitProblems.Shape(Path(key), text, $"of the form {pattern}"));
        if (limit is { Pattern: { } documented, Words: { } words } && !documented.IsMatch(text))
            _problems.Add(LimitProblems.Shape(Path(key), text, words));
    }

    private void CheckRange(string? unit, double value, double? min, double? max, string? key = null, bool isEngines = false)
    {
        if (value < min || value > max) _problems.Add(LimitProblems.OutOfRange(Path(key), unit, value, min, max, isEngines));
    }

    // As a user would write it: SubmitJob containerOverrides.environment[3].name.
    private string Path(string? key = null)
    {
        var path = new StringBuilder(key is null ? "" : $"the key \"{key}\" of ").Append(operation).Append(' ');
        for (int i = 0; i < _steps.Count; i++)
        {
            if (_steps[i].Name is not { } name) path.Append(CultureInfo.InvariantCulture, $"[{_steps[i].Index}]");
            else path.Append(i == 0 ? "" : ".").Append(name);
        }
        return path.ToString();
    }

    /// <summary>One step into a request.</summary>
    /// <param name="Name">The member or the map's key; null for an element of a list.</param>
    /// <param name="Index">The element's number.</param>
    private readonly record struct Step(string? Name, int Index);
}
