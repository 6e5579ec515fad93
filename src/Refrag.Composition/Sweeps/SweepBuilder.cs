using Refrag.Composition.Overrides;

namespace Refrag.Composition.Sweeps;

/// <summary>Makes a sweep from overrides and collects what is wrong with them.</summary>
internal sealed class SweepBuilder(SweepOptions options)
{
    private readonly List<Problem> _problems = [];
    private readonly List<Problem> _warnings = [];

    public Result<Sweep> Build(IReadOnlyList<Override> overrides)
    {
        List<Override> last = LastOfEachKey(overrides);
        List<(Override Override, SweepAxis Axis)> axes = [];
        foreach (Override one in last)
        {
            if (Axis(one) is { } axis) axes.Add((one, axis));
        }
        CheckZips(axes);
        return _problems.Count > 0 ? Result<Sweep>.Failure(_problems) : Combine(axes);
    }

    // A key that comes again replaces what came before, in its place.
    private List<Override> LastOfEachKey(IReadOnlyList<Override> overrides)
    {
        List<Override> last = [];
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (Override one in overrides)
        {
            if (places.TryAdd(one.KeyElement, last.Count)) last.Add(one);
            else
            {
                _warnings.Add(OverrideProblems.WithoutEffect(last[places[one.KeyElement]], one));
                last[places[one.KeyElement]] = one;
            }
        }
        return last;
    }

    private SweepAxis? Axis(Override one)
    {
        string key = one.KeyElement;
        // As in the reference: a deletion without a value has null for one, and deletes whatever is there.
        if (one.Value is null) return Single($"{key}=null");
        if (one.Value.HasSweepInside)
        {
            _problems.Add(SweepProblems.Nested(one));
            return null;
        }
        if (one.Value is ListExtension) return Single($"{key}={OverridePrinter.Print(one.Value)}");
        return one.Value is SweepValue sweep ? SweepAxis(one, key, sweep) : Single($"{key}={SweepValues.Text(one.Value)}");
    }

    private SweepAxis? SweepAxis(Override one, string key, SweepValue sweep)
    {
        SweepValues? values = SweepValues.Of(one, sweep, options, out Problem? problem);
        if (problem is not null) _problems.Add(problem);
        if (values is null) return null;
        if (values.Count <= options.MostJobs) return new SweepAxis((long)values.Count, index => $"{key}={values.At(index)}");
        _problems.Add(SweepProblems.TooMany(one, values.Count, options.MostJobs));
        return null;
    }

    private static SweepAxis Single(string argument) => new(1, _ => argument);

    private void CheckZips(List<(Override Override, SweepAxis Axis)> axes)
    {
        var zips = axes.Where(pair => pair.Override.Value is ZipSweep).ToList();
        foreach (var (one, axis) in zips.Skip(1).Where(zip => zip.Axis.Count != zips[0].Axis.Count))
            _problems.Add(SweepProblems.ZipLengths(one, axis.Count, zips[0].Override, zips[0].Axis.Count));
    }

    private Result<Sweep> Combine(List<(Override Override, SweepAxis Axis)> axes)
    {
        List<SweepColumn> columns = [];
        List<long> counts = [];
        int? zipGroup = null;
        foreach (var (one, axis) in axes)
        {
            bool zipped = one.Value is ZipSweep;
            int group = zipped && zipGroup is { } shared ? shared : counts.Count;
            if (group == counts.Count) counts.Add(axis.Count);
            if (zipped) zipGroup = group;
            columns.Add(new SweepColumn(axis, group));
        }
        System.Numerics.BigInteger product = counts.Aggregate(System.Numerics.BigInteger.One, (all, count) => all * count);
        if (product <= options.MostJobs) return new Sweep(columns, counts, (long)product) { Warnings = _warnings };
        return SweepProblems.TooMany(axes.Last(pair => pair.Override.IsSweep).Override, product, options.MostJobs);
    }
}
