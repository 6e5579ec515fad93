using Refrag.Composition.Tree;

namespace Refrag.Composition.Interpolation;

/// <summary>A path without interpolations on the way: where an update really goes.</summary>
/// <param name="Parts">The parts of the key.</param>
public sealed record PathInTree(IReadOnlyList<string> Parts);

/// <summary>
/// Resolves the interpolations of one tree. What was resolved once is kept, so that the whole tree costs time in proportion to its size.
/// Not safe for two threads at once.
/// </summary>
public sealed class Interpolator
{
    private readonly Location _root;
    private readonly Evaluation _evaluation;

    /// <summary>Makes an interpolator of a tree.</summary>
    /// <param name="root">The whole tree: absolute keys begin here.</param>
    /// <param name="resolvers">What interpolations may call; <see cref="ConfigResolvers.Standard"/> where null.</param>
    /// <param name="limits">Limits on depth and size; <see cref="ConfigLimits.Default"/> where null.</param>
    public Interpolator(ConfigNode root, ConfigResolvers? resolvers = null, ConfigLimits? limits = null)
    {
        _root = new Location(root, null, "") { IsInTree = true };
        _evaluation = new Evaluation(_root, resolvers ?? ConfigResolvers.Standard, limits ?? ConfigLimits.Default);
    }

    /// <summary>
    /// The value of a key such as <c>a.b[0]</c>, its own interpolation resolved and those inside of it left. A key that is not there, or is
    /// missing, gives <paramref name="fallback"/>.
    /// </summary>
    /// <param name="key">The key; dots in front of it are those of a relative interpolation at the root.</param>
    /// <param name="fallback">What an absent key gives; null if null.</param>
    /// <param name="throwOnMissing">Whether <c>???</c> on the way is a problem.</param>
    /// <returns>The value, or problems RF1301 to RF1312.</returns>
    public Result<ConfigNode> Select(string key, ConfigNode? fallback = null, bool throwOnMissing = false)
    {
        string[] parts = [.. KeyPath.Split(key)];
        int dots = 0;
        while (dots < parts.Length && parts[dots].Length == 0) dots++;
        // Beyond the root there is nothing.
        if (dots > 1 && dots < parts.Length) return (Result<ConfigNode>)(fallback ?? ConfigScalar.Null);
        return Select(parts[dots..], fallback, throwOnMissing);
    }

    /// <summary>The value of a key in parts, as <see cref="Select(string, ConfigNode?, bool)"/>; no parts give the whole tree.</summary>
    public Result<ConfigNode> Select(IReadOnlyList<string> path, ConfigNode? fallback = null, bool throwOnMissing = false)
    {
        Result<Selected> selected = Find(path, throwOnMissing);
        if (!selected.TryGet(out Selected? found, out IReadOnlyList<Problem> problems)) return Result<ConfigNode>.Failure(problems);
        return found.Location is { Node.IsMissing: false } location ? location.Node : fallback ?? ConfigScalar.Null;
    }

    /// <summary>The value of a key, every interpolation in it resolved.</summary>
    /// <returns>The value, null if the key is not there, or every problem in it.</returns>
    public Result<ConfigNode> Resolve(IReadOnlyList<string> path)
    {
        if (!Find(path, throwOnMissing: false).TryGet(out Selected? found, out IReadOnlyList<Problem> problems))
            return Result<ConfigNode>.Failure(problems);
        return found.Location is { } location ? Resolve(location) : (Result<ConfigNode>)ConfigScalar.Null;
    }

    /// <summary>The value of the root's entry at a position, every interpolation in it resolved. Its key may be of any kind.</summary>
    /// <returns>The value, or every problem in it.</returns>
    internal Result<ConfigNode> ResolveEntry(int index) => Resolve(_root.Child(index));

    /// <summary>The whole tree, every interpolation resolved; <c>???</c> stays where no interpolation needs it.</summary>
    /// <returns>The tree, or every problem in it.</returns>
    public Result<ConfigNode> ResolveAll() => Resolve(_root);

    /// <summary>Resolves a text as if it were the value of a key at the root.</summary>
    /// <param name="text">Text with interpolations.</param>
    public Result<ConfigNode> Evaluate(string text) =>
        Evaluate(text, new SyntaxParser(text, _evaluation.Nesting), parser => parser.ConfigValue());

    /// <summary>Reads a text as one value, as <c>oc.decode</c> does, and resolves it.</summary>
    /// <param name="text">A value of the grammar, such as <c>[1, ${a}]</c>.</param>
    public Result<ConfigNode> EvaluateElement(string text) =>
        Evaluate(text, new SyntaxParser(text, _evaluation.Nesting), parser => parser.SingleElement());

    /// <summary>
    /// Where setting a key really goes: interpolations on the way that name a mapping or a list are followed. One that names a value, or
    /// that is more than a name, is not: it will be replaced.
    /// </summary>
    internal Result<PathInTree> Follow(IReadOnlyList<string> path, Mark mark)
    {
        for (int round = 0; round <= _evaluation.Nesting; round++)
        {
            if (!_evaluation.TryFollowOnce(path, out IReadOnlyList<string>? next))
                return Result<PathInTree>.Failure([_evaluation.TakeFailure()]);
            if (next is null) return new PathInTree(path);
            path = next;
        }
        return InterpolationProblems.TooDeep(_evaluation.Nesting, mark.ToPlace());
    }

    private sealed record Selected(Location? Location);

    private Result<Selected> Find(IReadOnlyList<string> path, bool throwOnMissing)
    {
        var query = new Query(KeyPath.Join(path), path, throwOnMissing, MustExist: false, () => null);
        return _evaluation.TrySelect(_root, query, out Location? found)
            ? new Selected(found)
            : Result<Selected>.Failure([_evaluation.TakeFailure()]);
    }

    private Result<ConfigNode> Resolve(Location location)
    {
        var problems = new List<Problem>();
        ConfigNode? resolved = _evaluation.ResolveFully(location, problems);
        return resolved ?? Result<ConfigNode>.Failure(problems);
    }

    private Result<ConfigNode> Evaluate(string text, SyntaxParser parser, Func<SyntaxParser, Syntax?> parse)
    {
        var context = new Location(ConfigScalar.Of(text), _root, "");
        if (parse(parser) is not { } syntax) return InterpolationProblems.Syntax(parser.Error!, null);
        return _evaluation.Evaluate(syntax, context) is { } result ? result.Node : Result<ConfigNode>.Failure([_evaluation.TakeFailure()]);
    }
}
