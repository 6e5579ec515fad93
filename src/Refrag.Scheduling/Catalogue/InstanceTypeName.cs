using System.Globalization;
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

    /// <summary>
    /// The vCPUs that a size stands for: 2 up to <c>large</c>, 4 for <c>xlarge</c>, and 4 for each of the <c>xlarge</c> of a larger one;
    /// null for a family and for <c>metal</c>. Assumed, not documented: of the types of the project's table none has more than an eighth
    /// more (c4.8xlarge: 36), and some that run without hyper-threading have fewer.
    /// </summary>
    public static int? VCpusOf(string name) => name.Split('.') is not [_, { } size] ? null : size switch
    {
        "nano" or "micro" or "small" or "medium" or "large" => 2,
        "xlarge" => 4,
        _ when size.EndsWith("xlarge", StringComparison.Ordinal)
            && int.TryParse(size.AsSpan(0, size.Length - "xlarge".Length), NumberStyles.None, CultureInfo.InvariantCulture, out int times)
            && times < 1000 => 4 * times,
        _ => null,
    };

    [GeneratedRegex(
        @"^[a-z]{1,5}(-[a-z]?)?[0-9]+[a-z0-9]*(-[a-z0-9]+)*(\.(nano|micro|small|medium|large|[0-9]*xlarge|metal(-[a-z0-9]+)?))?$",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
