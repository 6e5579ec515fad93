using System.Diagnostics.CodeAnalysis;
using System.Text;
using Refrag.Composition.Tree;

namespace Refrag.Composition.Interpolation;

/// <summary>Keys: those of interpolations, and those that callers ask for.</summary>
internal sealed partial class Evaluation
{
    /// <summary>
    /// Looks for a key below a location. True with a location, or with none where the key is absent and may be; false where there is a
    /// problem.
    /// </summary>
    public bool TrySelect(Location start, Query query, out Location? found)
    {
        found = null;
        Location at = start;
        for (int i = 0; i < query.Path.Count; i++)
        {
            if (Dereference(at) is not { } parent) return false;
            if (!TryChild(parent, query, i, out Location? child)) return false;
            if (child is null)
                return !query.MustExist || Refuse(InterpolationProblems.NotFound(query.Key, query.Place(), parent, query.Path[i]));
            if (query.RefuseMissing && child.Node.IsMissing) return Refuse(Missing(query, child));
            at = child;
        }
        found = Dereference(at);
        return found is not null;
    }

    /// <summary>
    /// Follows the first interpolation on the way of a path, the last part excluded. True with the new path, or with none where nothing is
    /// to be followed; false where there is a problem.
    /// </summary>
    public bool TryFollowOnce(IReadOnlyList<string> path, out IReadOnlyList<string>? next)
    {
        next = null;
        Location at = root;
        for (int i = 0; i < path.Count - 1; i++)
        {
            if (ChildOf(at, path[i]) is not { } child) return true;
            if (child.IsInterpolation)
            {
                if (!TryNamed(child, out Location? named)) return false;
                if (named is not { IsInTree: true, Node: not ConfigScalar }) return true;
                next = [.. named.Path(), .. path.Skip(i + 1)];
                return true;
            }
            at = child;
        }
        return true;
    }

    // Where an interpolation that is one key leads; none where it is more than a key.
    private bool TryNamed(Location location, out Location? named)
    {
        named = null;
        var parser = new SyntaxParser(((ConfigScalar)location.Node).Text!, limits.Depth);
        if (parser.ConfigValue() is not NodeReference) return true;
        named = IsResolverAtTheEnd(location) ? null : Dereference(location);
        return named is not null || _failure is null;
    }

    // What a resolver makes is in no tree, and need not be made to know that.
    private bool IsResolverAtTheEnd(Location location)
    {
        var seen = new HashSet<Location>();
        Location at = location;
        while (at.IsInterpolation && seen.Add(at))
        {
            var parser = new SyntaxParser(((ConfigScalar)at.Node).Text!, limits.Depth);
            if (parser.ConfigValue() is not NodeReference { Parts: var parts, Dots: 0 } || parts.Any(part => part.Name is null))
                return at != location && parser.Error is null;
            Location? next = root;
            foreach (KeyPart part in parts) next = next is null ? null : ChildOf(next, part.Name!);
            if (next is null) return false;
            at = next;
        }
        return false;
    }

    private Location? Refer(NodeReference reference, Location context)
    {
        if (!TryKey(reference, context, out string? key, out IReadOnlyList<string>? path, out int dots)) return null;
        Func<Place?> place = () => InterpolationPlace.Of(context.Node, reference.At, key.Length + 3);
        Location? start = root;
        if (dots > 0)
        {
            start = context.Parent;
            for (int i = 1; i < dots && start is not null; i++) start = start.Parent;
            if (start is null) return Fail(InterpolationProblems.BeyondRoot(key, place()));
        }
        if (!TrySelect(start, new Query(key, path, RefuseMissing: true, MustExist: true, place), out Location? found)) return null;
        for (Location? above = context.Parent; above is not null; above = above.Parent)
        {
            if (ReferenceEquals(above, found)) return Fail(InterpolationProblems.ToParent(found.ToString(), place()));
        }
        return found;
    }

    private bool TryKey(
        NodeReference reference, Location context, [NotNullWhen(true)] out string? key, [NotNullWhen(true)] out IReadOnlyList<string>? path,
        out int dots)
    {
        var text = new StringBuilder().Append('.', reference.Dots);
        var names = new List<string>(reference.Parts.Count);
        (key, path, dots) = (null, null, reference.Dots);
        bool nested = false;
        foreach (KeyPart part in reference.Parts)
        {
            if (Name(part, context, "part of a key") is not { } name) return false;
            nested |= part.Nested is not null;
            if (names.Count > 0 && !part.InBrackets) text.Append('.');
            text.Append(part.InBrackets ? $"[{name}]" : name);
            names.Add(name);
        }
        (key, path) = (text.ToString(), names);
        // A nested interpolation may give several parts, and dots in front.
        if (nested) (path, dots) = Reparse(key);
        return true;
    }

    internal static (IReadOnlyList<string> Path, int Dots) Reparse(string key)
    {
        int dots = 0;
        while (dots < key.Length && key[dots] == '.') dots++;
        string rest = key[dots..];
        return (rest.Length == 0 ? [] : KeyPath.Split(rest), dots);
    }

    private string? Name(KeyPart part, Location context, string use)
    {
        if (part.Name is { } name) return name;
        if (Evaluate(part.Nested!, context) is not { } value) return null;
        if (value.Node is ConfigScalar { Text: { } text }) return text;
        Fail(InterpolationProblems.NotText(use, value.Node, InterpolationPlace.Of(context.Node, part.Nested!.At, 1)));
        return null;
    }

    private bool TryChild(Location parent, Query query, int index, out Location? child)
    {
        string part = query.Path[index];
        child = null;
        switch (parent.Node)
        {
            case ConfigMapping:
                child = ChildOf(parent, part);
                return true;
            case ConfigList:
                child = ChildOf(parent, part);
                return ListIndex.Parse(part) is not null
                    || Refuse(InterpolationProblems.NotAnIndex(query.Key, parent.ToString(), part, query.Place()));
            default:
                return !query.MustExist
                    || Refuse(InterpolationProblems.NotAContainer(query.Key, KeyPath.Join(query.Path.Take(index)), part, query.Place()));
        }
    }

    private static Location? ChildOf(Location parent, string part)
    {
        int index = parent.Node switch
        {
            ConfigMapping mapping => mapping.IndexOf(part),
            ConfigList list when ListIndex.Parse(part) is { } at => ListIndex.Position(at, list.Count),
            _ => -1,
        };
        return index < 0 ? null : parent.Child(index);
    }

    private static Problem Missing(Query query, Location missing) => query.MustExist
        ? InterpolationProblems.ToMissing(missing.ToString(), query.Place(), missing.Node.Origin)
        : InterpolationProblems.Missing(missing.ToString(), missing.Node.Origin);

    private bool Refuse(Problem problem)
    {
        _failure = problem;
        return false;
    }
}
