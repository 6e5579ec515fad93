using System.Text.Json;
using System.Text.RegularExpressions;

namespace Refrag.Aws;

/// <summary>Walks a request as JSON beside the model, and collects every broken limit.</summary>
/// <param name="rules">The model's rules.</param>
/// <param name="documented">Limits beyond the model; the key is shape and member with a dot between.</param>
/// <param name="skip">Members of the request itself that travel outside the body.</param>
internal sealed class ShapeWalk(RuleBook rules, IReadOnlyDictionary<string, MemberLimit> documented, IReadOnlyList<string> skip)
{
    private readonly List<Problem> _problems = [];

    public IReadOnlyList<Problem> Problems => _problems;

    /// <summary>Whether a list or a map holds a null, so that its records are not all there to be looked at.</summary>
    public bool HasNulls { get; private set; }

    public void Check(JsonElement value, string shape, string path, bool isRequest = false)
    {
        // Only lists and maps can hold a null here: of members that are null nothing is written.
        if (value.ValueKind == JsonValueKind.Null)
        {
            HasNulls = true;
            _problems.Add(LimitProblems.Missing(path));
            return;
        }
        switch (rules.Find(shape))
        {
            case StructureRule rule:
                foreach (var member in rule.Members)
                {
                    if (!isRequest || !skip.Contains(member.Name)) CheckMember(value, shape, member, path);
                }
                break;
            case ListRule rule:
                CheckRange(path, "elements", value.GetArrayLength(), rule.Min, rule.Max);
                int index = 0;
                foreach (JsonElement element in value.EnumerateArray()) Check(element, rule.Element, $"{path}[{index++}]");
                break;
            case MapRule rule:
                CheckRange(path, "entries", value.GetPropertyCount(), rule.Min, rule.Max);
                foreach (JsonProperty entry in value.EnumerateObject())
                {
                    if (rules.Find(rule.Key) is TextRule key) CheckText(entry.Name, key, $"the key \"{entry.Name}\" of {path}");
                    Check(entry.Value, rule.Element, $"{path}.{entry.Name}");
                }
                break;
            case EnumerationRule rule:
                CheckKnown(value.GetString()!, shape, rule, path);
                break;
            case TextRule rule:
                CheckText(value.GetString()!, rule, path);
                break;
            case NumberRule rule:
                CheckRange(path, null, value.GetDouble(), rule.Min, rule.Max);
                break;
        }
    }

    private void CheckMember(JsonElement owner, string shape, (string Name, string Shape, bool Required) member, string path)
    {
        bool isThere = owner.TryGetProperty(member.Name, out JsonElement value);
        // Most members of most requests are neither given nor required: no words are made for them.
        if (!isThere && !member.Required) return;
        string here = $"{path}{(path.EndsWith(' ') ? "" : ".")}{member.Name}";
        if (!isThere)
        {
            _problems.Add(LimitProblems.Missing(here));
            return;
        }
        if (member.Required && value.ValueKind == JsonValueKind.String && value.GetString()!.Length == 0)
        {
            _problems.Add(LimitProblems.Missing(here));
            return;
        }
        Check(value, member.Shape, here);
        if (documented.TryGetValue($"{shape}.{member.Name}", out MemberLimit? limit)) CheckDocumented(value, limit, here);
    }

    private void CheckDocumented(JsonElement value, MemberLimit limit, string path)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Number:
                CheckRange(path, null, value.GetDouble(), limit.Min, limit.Max);
                break;
            case JsonValueKind.Array:
                CheckRange(path, "elements", value.GetArrayLength(), limit.Min, limit.Max);
                break;
            case JsonValueKind.Object:
                CheckRange(path, "entries", value.GetPropertyCount(), limit.Min, limit.Max);
                break;
            case JsonValueKind.String when value.GetString() is { } text:
                CheckRange(path, "characters", text.Length, limit.Min, limit.Max);
                if (limit.Pattern is { } pattern && !pattern.IsMatch(text)) _problems.Add(LimitProblems.Shape(path, text, limit.Words!));
                break;
        }
    }

    private void CheckKnown(string value, string shape, EnumerationRule rule, string path)
    {
        // Batch takes the actions of a retry in any case. (API EvaluateOnExit)
        var comparer = shape.EndsWith("RetryAction", StringComparison.Ordinal) ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        if (!rule.Values.Contains(value, comparer)) _problems.Add(LimitProblems.Unknown(path, value, rule.Values));
    }

    private void CheckText(string text, TextRule rule, string path)
    {
        CheckRange(path, "characters", text.Length, rule.Min, rule.Max);
        if (rule.Pattern is { } pattern && !Regex.IsMatch(text, $@"^(?:{pattern})\z", RegexOptions.None, TimeSpan.FromSeconds(1)))
            _problems.Add(LimitProblems.Shape(path, text, $"of the form {pattern}"));
    }

    private void CheckRange(string path, string? unit, double value, double? min, double? max)
    {
        if (value < min || value > max) _problems.Add(LimitProblems.OutOfRange(path, unit, value, min, max));
    }
}
