using Refrag.Composition.Tree;

namespace Refrag.Composition.Interpolation;

/// <summary>OmegaConf's own resolvers.</summary>
internal sealed class BuiltInResolvers(Evaluation evaluation, Location root, Func<string, string?> environment)
{
    public static IReadOnlyList<string> Names { get; } =
        ["oc.env", "oc.select", "oc.decode", "oc.create", "oc.deprecated", "oc.dict.keys", "oc.dict.values"];

    public Location? Call(string name, IReadOnlyList<ConfigNode> arguments, Location context, Place? place)
    {
        var call = new BuiltInCall(name, arguments, context, place);
        (int least, int most) = name is "oc.env" or "oc.select" or "oc.deprecated" ? (1, 2) : (1, 1);
        if (arguments.Count < least || arguments.Count > most)
            return Fail(call, $"it takes {(least == most ? "one argument" : "one or two arguments")}, and there are {arguments.Count}",
                "Correct the arguments.");
        return name switch
        {
            "oc.env" => Env(call),
            "oc.select" => Select(call),
            "oc.decode" => Decode(call),
            "oc.create" => Create(call),
            "oc.deprecated" => Deprecated(call),
            "oc.dict.keys" => Keys(call),
            _ => Values(call),
        };
    }

    private sealed record BuiltInCall(string Name, IReadOnlyList<ConfigNode> Arguments, Location Context, Place? Place)
    {
        public string? Text => (Arguments[0] as ConfigScalar)?.Text;

        public ConfigNode? Second => Arguments.Count > 1 ? Arguments[1] : null;
    }

    private Location? Env(BuiltInCall call)
    {
        if (call.Text is not { } name) return Fail(call, "the name of a variable is text", "Put quotes around the name.");
        if (environment(name) is { } value) return Evaluation.Result(ConfigScalar.Of(value, call.Context.Node.Mark), call.Context);
        return call.Second switch
        {
            null => Fail(call, $"the environment variable {name} is not set", $"Set it, or give a default: ${{oc.env:{name},default}}."),
            { IsNull: true } => Evaluation.Result(ConfigScalar.Null, call.Context),
            { } fallback => Evaluation.Result(ConfigScalar.Of(PythonText.Str(fallback), call.Context.Node.Mark), call.Context),
        };
    }

    private Location? Select(BuiltInCall call)
    {
        if (call.Text is not { } key) return Fail(call, "a key is text", "Put quotes around the key.");
        ConfigNode fallback = call.Second ?? ConfigScalar.Null;
        if (Start(key, call.Context, out IReadOnlyList<string> path) is not { } start) return Evaluation.Result(fallback, call.Context);
        if (!evaluation.TrySelect(
            start, new Query(key, path, RefuseMissing: false, MustExist: false, () => call.Place), out Location? found)) return null;
        return found is { Node.IsMissing: false } ? found : Evaluation.Result(fallback, call.Context);
    }

    private Location? Decode(BuiltInCall call)
    {
        if (call.Arguments[0].IsNull) return Evaluation.Result(ConfigScalar.Null, call.Context);
        if (call.Text is not { } text)
            return Fail(call, $"it takes text, and this is {PythonText.Repr(call.Arguments[0])}", "Put quotes around the value.");
        return evaluation.Decode(text, call.Context, call.Place);
    }

    private Location? Create(BuiltInCall call) => call.Arguments[0] switch
    {
        ConfigList or ConfigMapping => Evaluation.Result(call.Arguments[0], call.Context),
        ConfigScalar { Kind: ScalarKind.Null } => Evaluation.Result(ConfigScalar.Null, call.Context),
        var other => Fail(call, $"it takes a mapping or a list, and this is {PythonText.Repr(other)}", "Give {key: value} or [item]."),
    };

    private Location? Deprecated(BuiltInCall call)
    {
        if (call.Text is not { } key) return Fail(call, "a key is text", "Put quotes around the key.");
        if (call.Second is { } message and not ConfigScalar { Text: not null })
            return Fail(call, $"the message is text, and this is {PythonText.Repr(message)}", "Put quotes around the message.");
        if (Find(call, key) is not { } found) return null;
        return found.Node.IsMissing ? Fail(call, $"{key} is still missing (???)", $"Set it: {key}=….") : found;
    }

    private Location? Keys(BuiltInCall call)
    {
        if (Dictionary(call, out _) is not { } mapping) return null;
        return Evaluation.Result(ConfigList.Of(mapping.Select(entry => entry.Key.Scalar), call.Context.Node.Mark), call.Context);
    }

    // The values are interpolations of their own, so that one that fails troubles only who uses it.
    private Location? Values(BuiltInCall call)
    {
        if (Dictionary(call, out string key) is not { } mapping) return null;
        // The list is one level deeper than the interpolation, and relative keys need a dot more.
        string prefix = key.StartsWith('.') ? $".{key}" : key;
        IEnumerable<ConfigNode> items =
            mapping.Select(entry => ConfigScalar.Of($"${{{prefix}{(prefix.Length == 0 ? "" : ".")}{entry.Key}}}", call.Context.Node.Mark));
        return Evaluation.Result(ConfigList.Of(items, call.Context.Node.Mark), call.Context);
    }

    private ConfigMapping? Dictionary(BuiltInCall call, out string key)
    {
        key = call.Text ?? "";
        if (call.Text is null)
        {
            Fail(call, $"it takes a key, and this is {PythonText.Repr(call.Arguments[0])}", "Give the key of a mapping.");
            return null;
        }
        if (Find(call, key) is not { } found) return null;
        if (found.Node is ConfigMapping mapping) return mapping;
        Fail(call, $"{key} is not a mapping", "Give the key of a mapping.");
        return null;
    }

    private Location? Find(BuiltInCall call, string key)
    {
        if (Start(key, call.Context, out IReadOnlyList<string> path) is not { } start)
            return evaluation.FailWith(InterpolationProblems.BeyondRoot(key, call.Place));
        return evaluation.TrySelect(
            start, new Query(key, path, RefuseMissing: true, MustExist: true, () => call.Place), out Location? found)
            ? found
            : null;
    }

    // Where a key begins: at the root, or for each dot one level up from the interpolation.
    private Location? Start(string key, Location context, out IReadOnlyList<string> path)
    {
        (path, int dots) = Evaluation.Reparse(key);
        if (dots == 0) return root;
        Location? start = context.Parent;
        for (int i = 1; i < dots && start is not null; i++) start = start.Parent;
        return start;
    }

    private Location? Fail(BuiltInCall call, string cause, string cure) =>
        evaluation.FailWith(InterpolationProblems.ResolverFailed(call.Name, cause, cure, call.Place));
}
