using System.Globalization;
using System.Numerics;
using Refrag.Composition.Overrides;

namespace Refrag.Composition.Sweeps;

/// <summary>What can be wrong with a sweep. RF114x.</summary>
internal static class SweepProblems
{
    public static Problem Interval(Override one) => new()
    {
        Code = "RF1140",
        What = $"the interval of {one.QualifiedKey} cannot be counted through",
        Cause = "an interval has no end of values; only a sweeper that chooses points itself can use it",
        Cure = "Write range(start,stop,step) or the values themselves: key=0.1,0.2.",
        Place = one.ValuePlace,
    };

    /// <summary>For composing as well: such a value has no node.</summary>
    public static Problem Nested(Override one) => new()
    {
        Code = "RF1141",
        What = $"the value of {one.QualifiedKey} has a sweep or a list extension inside",
        Cause = "a sweep is a whole value; it cannot stand in a list, in a dictionary or in another sweep",
        Cure = "Write the whole values: key=[1,x],[2,x] instead of key=[choice(1,2),x].",
        Place = one.ValuePlace,
    };

    public static Problem Range(Override one, string wrong) => new()
    {
        Code = "RF1142",
        What = $"the range of {one.QualifiedKey} cannot be counted through: {wrong}",
        Cure = "Write range(start,stop,step) with finite numbers and a step other than 0.",
        Place = one.ValuePlace,
    };

    public static Problem ZipLengths(Override one, long count, Override first, long firstCount) => new()
    {
        Code = "RF1143",
        What = $"zip of {one.QualifiedKey} has {Number(count)} values, but that of {first.QualifiedKey} has {Number(firstCount)}",
        Cause = "zips move in step, so all have one length",
        Cure = $"Give both the same number of values, or write {one.QualifiedKey} without zip to cross them.",
        Place = one.ValuePlace,
    };

    public static Problem Glob(Override one, IReadOnlyList<string> options) => new()
    {
        Code = "RF1144",
        What = options.Count == 0 ? $"there is no group '{one.Key}' for glob to choose from" : $"no option of '{one.Key}' matches",
        Cause = options.Count == 0 ? null : $"its options are {Listed(options)}",
        Cure = options.Count == 0
            ? "Write a group on the left: db=glob(*)."
            : "Change the pattern, or write the options themselves: db=a,b.",
        Place = one.ValuePlace,
    };

    public static Problem TooMany(Override one, BigInteger count, long most) => new()
    {
        Code = "RF1145",
        What = $"the sweep has {Number(count)} jobs; {Number(most)} are the most",
        Cure = "Take values away, split the command line, or raise the limit.",
        Place = one.ValuePlace,
    };

    private static string Listed(IReadOnlyList<string> options) =>
        options.Count <= 10 ? string.Join(", ", options) : $"{string.Join(", ", options.Take(10))} and {options.Count - 10} more";

    private static string Number(BigInteger number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}
