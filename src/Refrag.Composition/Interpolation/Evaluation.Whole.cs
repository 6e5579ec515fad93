using Refrag.Composition.Tree;

namespace Refrag.Composition.Interpolation;

/// <summary>Whole trees: everything below a location resolved.</summary>
internal sealed partial class Evaluation
{
    /// <summary>The node with every interpolation in it resolved; null if there are problems, which are added.</summary>
    public ConfigNode? ResolveFully(Location location, List<Problem> problems)
    {
        if (location.Resolved is { } known) return known;
        if (location.Broken is { } broken)
        {
            // It was reported where it was met first.
            if (problems.Count == 0) problems.Add(broken);
            return null;
        }
        if (Dereference(location) is not { } target)
        {
            problems.Add(TakeFailure());
            return null;
        }
        ConfigNode? resolved = ReferenceEquals(target, location) ? ResolveChildren(location, problems) : ResolveFully(target, problems);
        location.Resolved = resolved;
        if (resolved is null) location.Broken = problems[^1];
        return resolved;
    }

    private ConfigNode? ResolveChildren(Location location, List<Problem> problems)
    {
        if (location.Node is ConfigScalar || !location.Node.HasInterpolations) return location.Node;
        if (location.IsBusy) return Report(InterpolationProblems.Cycle(CycleText(location), location.Node.Origin), problems);
        if (_depth >= limits.InterpolationDepth + limits.Depth)
            return Report(InterpolationProblems.TooDeep(limits.InterpolationDepth, location.Node.Origin), problems);
        location.IsBusy = true;
        _stack.Add(location);
        _depth++;
        ConfigNode? resolved = location.Node is ConfigMapping mapping
            ? Mapping(mapping, location, problems)
            : List((ConfigList)location.Node, location, problems);
        _depth--;
        _stack.RemoveAt(_stack.Count - 1);
        location.IsBusy = false;
        if (resolved is null) return null;
        if (resolved.Weight > limits.ResolvedNodes)
            return Report(InterpolationProblems.TooLarge($"more than {limits.ResolvedNodes} nodes large", location.Node.Origin), problems);
        return resolved.Height <= limits.Depth
            ? resolved
            : Report(InterpolationProblems.TooLarge($"more than {limits.Depth} deep", location.Node.Origin), problems);
    }

    private ConfigMapping? Mapping(ConfigMapping mapping, Location location, List<Problem> problems)
    {
        var builder = new ConfigMappingBuilder(mapping.Count);
        bool whole = true;
        for (int i = 0; i < mapping.Count; i++)
        {
            ConfigEntry entry = mapping[i];
            ConfigNode? value = entry.Value.HasInterpolations ? ResolveFully(location.Child(i), problems) : entry.Value;
            if (value is null) whole = false;
            else builder.Set(entry with { Value = value });
        }
        return whole ? builder.Build(mapping.Mark) : null;
    }

    private ConfigList? List(ConfigList list, Location location, List<Problem> problems)
    {
        var items = new List<ConfigNode>(list.Count);
        bool whole = true;
        for (int i = 0; i < list.Count; i++)
        {
            ConfigNode? value = list[i].HasInterpolations ? ResolveFully(location.Child(i), problems) : list[i];
            if (value is null) whole = false;
            else items.Add(value);
        }
        return whole ? ConfigList.Of(items, list.Mark) : null;
    }

    private static ConfigNode? Report(Problem problem, List<Problem> problems)
    {
        problems.Add(problem);
        return null;
    }
}
