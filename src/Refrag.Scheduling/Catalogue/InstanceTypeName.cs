using System.Text.RegularExpressions;

namespace Refrag.Scheduling.Catalogue;

/// <summary>What the names of instance types look like: a catalogue may be older than a type.</summary>
public static partial class InstanceTypeName
{
    /// <summary>
    /// Whether a name that a catalogue does not know may be a type or a family of EC2: a family such as <c>trn1</c>, <c>u7i-12tb</c>,
    /// <c>mac-m4</c> or <c>u-6tb1</c>, with or without one of the sizes that EC2 uses. (EC2 user guide, instance-types-conventions)
    /// </summary>
    public static bool IsPlausible(string name) => Pattern().IsMatch(name);

    [GeneratedRegex(
        @"^[a-z]{1,5}(-[a-z]?)?[0-9]+[a-z0-9]*(-[a-z0-9]+)*(\.(nano|micro|small|medium|large|[0-9]*xlarge|metal(-[a-z0-9]+)?))?$",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
