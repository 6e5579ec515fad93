using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Refrag.Aws;

/// <summary>Walks a request as JSON beside the rules, and collects every broken limit.</summary>
/// <param name="operation">The operation's name, which the path of a problem begins with.</param>
/// <param name="skip">Members of the request itself that travel outside the body.</param>
internal sealed class ShapeWalk(string operation, IReadOnlyList<string> skip)
{
    private readonly List<Problem> _problems = [];

    // Where the walk is. Most walks find nothing, so that words are made of it only for a problem.
    private readonly List<Step> _steps = [];

    public IReadOnlyList<Problem> Problems => _problems;

    /// <summary>Whether a list or a map holds a null, so that its records are not all there to be looked at.</summary>
    public bool HasNulls { get; private set; }

    /// <summary>Looks through a value and all that is in it.</summary>
    public void Check(JsonElement value, RuledShape shape)
    {
        // Only lists and maps can hold a null here: of members that are null nothing is written.
        if (value.ValueKind == JsonValueKind.Null)
        {
            HasNulls = true;
            _problems.Add(LimitProblems.Missing(Path()));
            return;
        }
        switch (shape.Rule)
        {
            case StructureRule:
                foreach (RuledMember member in shape.Members)
                {
                    if (_steps.Count > 0 || !skip.Contains(member.Name)) CheckMember(value, member);
                }
                break;
            case ListRule rule:
                CheckRange("elements", value.GetArrayLength(), rule.Min, rule.Max);
                int index = 0;
                foreach (JsonElement element in value.EnumerateArray()) CheckInside(new Step(null, index++), element, shape.Element);
                break;
            case MapRule rule:
                CheckRange("entries", value.GetPropertyCount(), rule.Min, rule.Max);
                foreach (JsonProperty entry in value.EnumerateObject()) CheckEntry(entry, shape);
                break;
            case EnumerationRule rule:
                CheckKnown(value.GetString()!, shape.Name, rule);
                break;
            case TextRule { Min: null, Max: null, Pattern: null }:
                break;
            case TextRule rule:
                CheckText(value.GetString()!, rule, null);
                break;
            case NumberRule rule:
                CheckRange(null, value.GetDouble(), rule.Min, rule.Max);
                break;
        }
    }

    private void CheckInside(Step step, JsonElement value, RuledShape shape)
    {
        _steps.Add(step);
        Check(value, shape);
        _steps.RemoveAt(_steps.Count - 1);
    }

    private void CheckEntry(JsonProperty entry, RuledShape shape)
    {
        if (shape.Key.Rule is TextRule key) CheckText(entry.Name, key, entry.Name);
        CheckInside(new Step(entry.Name, 0), entry.Value, shape.Element);
    }

    private void CheckMember(JsonElement owner, RuledMember member)
    {
        bool isThere = owner.TryGetProperty(member.Utf8, out JsonElement value);
        if (!isThere && !member.IsRequired) return;
        _steps.Add(new Step(member.Name, 0));
        if (!isThere || (member.IsRequired && value.ValueKind == JsonValueKind.String && value.ValueEquals(""u8))) _problems.Add(LimitProblems.Missing(Path()));
        else
        {
            Check(value, member.Shape);
            if (member.Limit is { } limit) CheckDocumented(value, limit);
        }
        _steps.RemoveAt(_steps.Count - 1);
    }

    private void CheckDocumented(JsonElement value, MemberLimit limit)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Number:
                CheckRange(null, value.GetDouble(), limit.Min, limit.Max);
                break;
            case JsonValueKind.Array:
                CheckRange("elements", value.GetArrayLength(), limit.Min, limit.Max);
                break;
            case JsonValueKind.Object:
                CheckRange("entries", value.GetPropertyCount(), limit.Min, limit.Max);
                break;
            case JsonValueKind.String when value.GetString() is { } text:
                CheckRange("characters", text.Length, limit.Min, limit.Max);
                if (limit.Pattern is { } pattern && !pattern.IsMatch(text)) _problems.Add(LimitProblems.Shape(Path(), text, limit.Words!));
                break;
        }
    }

    private void CheckKnown(string value, string shape, EnumerationRule rule)
    {
        // Batch takes the actions of a retry in any case. (API EvaluateOnExit)
        var comparer = shape.EndsWith("RetryAction", StringComparison.Ordinal) ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        if (!rule.Values.Contains(value, comparer)) _problems.Add(LimitProblems.Unknown(Path(), value, rule.Values));
    }

    private void CheckText(string text, TextRule rule, string? key)
    {
        CheckRange("characters", text.Length, rule.Min, rule.Max, key);
        if (rule.Pattern is { } pattern && !Regex.IsMatch(text, $@"^(?:{pattern})\z", RegexOptions.None, TimeSpan.FromSeconds(1)))
            _problems.Add(LimitProblems.Shape(Path(key), text, $"of the form {pattern}"));
    }

    private void CheckRange(string? unit, double value, double? min, double? max, string? key = null)
    {
        if (value < min || value > max) _problems.Add(LimitProblems.OutOfRange(Path(key), unit, value, min, max));
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
