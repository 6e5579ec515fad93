using System.Text;
using Refrag.Composition.Tree;

namespace Refrag.Composition.Interpolation;

/// <summary>
/// Evaluates parsed interpolations in one tree. Methods that give a location return null, and leave the reason in the failure, where there
/// is none.
/// </summary>
internal sealed partial class Evaluation(Location root, ConfigResolvers resolvers, ConfigLimits limits)
{
    private readonly List<Location> _stack = [];
    private Problem? _failure;
    private int _depth;

    /// <summary>How deep a value of the grammar may nest.</summary>
    public int Nesting => limits.Depth;

    public Problem TakeFailure()
    {
        Problem failure = _failure ?? throw new InvalidOperationException("A failure gives its reason.");
        _failure = null;
        return failure;
    }

    /// <summary>The location that holds a value and no interpolation: this one, or where its interpolation leads.</summary>
    public Location? Dereference(Location location)
    {
        if (!location.IsInterpolation) return location;
        if (location.Target is { } known) return known;
        if (location.Failure is { } failure) return Fail(failure);
        if (location.IsBusy) return Fail(InterpolationProblems.Cycle(CycleText(location), location.Node.Origin));
        if (_depth >= limits.InterpolationDepth)
            return Fail(InterpolationProblems.TooDeep(limits.InterpolationDepth, location.Node.Origin));
        location.IsBusy = true;
        _stack.Add(location);
        _depth++;
        location.Target = EvaluateText(location);
        _depth--;
        _stack.RemoveAt(_stack.Count - 1);
        location.IsBusy = false;
        if (location.Target is null) location.Failure = _failure;
        return location.Target;
    }

    /// <summary>The value of a piece of grammar that stands in a location.</summary>
    public Location? Evaluate(Syntax syntax, Location context)
    {
        // Values nest in arguments of resolvers, whose results nest again: both count.
        if (_depth >= limits.InterpolationDepth) return Fail(InterpolationProblems.TooDeep(limits.InterpolationDepth, context.Node.Origin));
        _depth++;
        Location? result = syntax switch
        {
            Literal literal => Made(literal.Value, context),
            Template template => Concatenate(template, context),
            ListSyntax list => List(list, context),
            MappingSyntax mapping => Mapping(mapping, context),
            NodeReference reference => Refer(reference, context),
            ResolverReference call => Call(call, context),
            _ => throw new InvalidOperationException("There is no other syntax."),
        };
        _depth--;
        return result;
    }

    private Location? EvaluateText(Location location)
    {
        string text = ((ConfigScalar)location.Node).Text!;
        var parser = new SyntaxParser(text, limits.Depth);
        if (parser.ConfigValue() is { } syntax) return Evaluate(syntax, location);
        return Fail(InterpolationProblems.Syntax(parser.Error!, InterpolationPlace.Of(location.Node, parser.Error!.At, 1)));
    }

    private Location? Concatenate(Template template, Location context)
    {
        var text = new StringBuilder();
        foreach (Syntax part in template.Parts)
        {
            if (Evaluate(part, context) is not { } value) return null;
            // The same limit as for nodes: each ${a}${a} of a chain of such doubles the text.
            string more = PythonText.Str(value.Node);
            if (text.Length + more.Length > limits.ResolvedNodes)
                return Fail(InterpolationProblems.TooLarge("too large a text", context.Node.Origin));
            text.Append(more);
        }
        return Made(ConfigScalar.Of(text.ToString(), context.Node.Mark), context);
    }

    private Location? List(ListSyntax list, Location context)
    {
        var items = new List<ConfigNode>(list.Items.Count);
        foreach (Syntax item in list.Items)
        {
            if (Evaluate(item, context) is not { } value) return null;
            items.Add(value.Node);
        }
        return Checked(ConfigList.Of(items, context.Node.Mark), context);
    }

    private Location? Mapping(MappingSyntax mapping, Location context)
    {
        var builder = new ConfigMappingBuilder(mapping.Entries.Count);
        foreach ((ConfigScalar key, Syntax syntax) in mapping.Entries)
        {
            if (Evaluate(syntax, context) is not { } value) return null;
            builder.Set(new ConfigKey(key), value.Node, context.Node.Mark);
        }
        return Checked(builder.Build(context.Node.Mark), context);
    }

    private Location? Checked(ConfigNode made, Location context)
    {
        if (made.Weight > limits.ResolvedNodes)
            return Fail(InterpolationProblems.TooLarge($"more than {limits.ResolvedNodes} nodes large", context.Node.Origin));
        if (made.Height > limits.Depth) return Fail(InterpolationProblems.TooLarge($"more than {limits.Depth} deep", context.Node.Origin));
        return Made(made, context);
    }

    // What is made stands where the interpolation stood: its own relative interpolations begin there.
    private static Location Made(ConfigNode node, Location context) =>
        new(node, context.Parent, context.Key, isFinal: node is ConfigScalar);

    private Location? Fail(Problem problem)
    {
        _failure = problem;
        return null;
    }

    private string CycleText(Location location)
    {
        int from = Math.Max(0, _stack.IndexOf(location));
        return string.Join(" → ", _stack.Skip(from).Append(location));
    }
}
