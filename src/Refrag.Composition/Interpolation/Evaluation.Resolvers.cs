using Refrag.Composition.Tree;

namespace Refrag.Composition.Interpolation;

/// <summary>Calls of resolvers.</summary>
internal sealed partial class Evaluation
{
    private Location? Call(ResolverReference reference, Location context)
    {
        var names = new List<string>(reference.Name.Count);
        foreach (KeyPart part in reference.Name)
        {
            if (Name(part, context, "part of a resolver's name") is not { } text) return null;
            names.Add(text);
        }
        string name = string.Join('.', names);
        var arguments = new List<Location>(reference.Arguments.Count);
        foreach (Syntax argument in reference.Arguments)
        {
            if (Evaluate(argument, context) is not { } value) return null;
            arguments.Add(value);
        }
        Place? place = InterpolationPlace.Of(context.Node, reference.At, name.Length + 2);
        if (resolvers.Custom(name) is { } custom) return CallCustom(custom, name, arguments, context, place);
        if (!BuiltInResolvers.Names.Contains(name)) return Fail(InterpolationProblems.UnknownResolver(name, place, resolvers.Names));
        return new BuiltInResolvers(this, root, resolvers.Environment).Call(
            name, [.. arguments.Select(argument => argument.Node)], context, place);
    }

    private Location? CallCustom(ConfigResolver resolver, string name, List<Location> arguments, Location context, Place? place)
    {
        var resolved = new List<ConfigNode>(arguments.Count);
        var problems = new List<Problem>();
        foreach (Location argument in arguments)
        {
            if (ResolveFully(argument, problems) is not { } value) return Fail(problems[0]);
            resolved.Add(value);
        }
        Result<ConfigNode> result = resolver(new ResolverCall(name, context.ToString(), resolved));
        if (!result.TryGet(out ConfigNode? node, out IReadOnlyList<Problem> wrong))
            return Fail(wrong[0] with { Place = wrong[0].Place ?? place });
        return Checked(node, context);
    }

    internal Location? FailWith(Problem problem) => Fail(problem);

    internal static Location Result(ConfigNode node, Location context) => Made(node, context);

    /// <summary>Reads a text as one value and evaluates it where an interpolation stands.</summary>
    internal Location? Decode(string text, Location context, Place? place)
    {
        var parser = new SyntaxParser(text, limits.Depth);
        return parser.SingleElement() is { } syntax ? Evaluate(syntax, context) : Fail(InterpolationProblems.Syntax(parser.Error!, place));
    }
}
