using Refrag.Composition.Tree;

namespace Refrag.Composition.Interpolation;

/// <summary>Computes the value of an interpolation <c>${name:arguments}</c>.</summary>
/// <param name="call">The arguments and where the interpolation stands.</param>
/// <returns>The value, or a problem; one without a place is shown at the interpolation.</returns>
public delegate Result<ConfigNode> ConfigResolver(ResolverCall call);

/// <summary>One call of a resolver.</summary>
/// <param name="Name">The resolver's name, as <c>oc.env</c>.</param>
/// <param name="Key">The key whose value is computed.</param>
/// <param name="Arguments">The arguments, every interpolation in them resolved.</param>
public sealed record ResolverCall(string Name, string Key, IReadOnlyList<ConfigNode> Arguments);

/// <summary>
/// The resolvers that interpolations may call, and the environment that <c>oc.env</c> reads. Never changes; <see cref="With"/> makes a
/// larger one. OmegaConf's own are always there: <c>oc.env</c>, <c>oc.select</c>, <c>oc.decode</c>, <c>oc.create</c>, <c>oc.deprecated</c>,
/// <c>oc.dict.keys</c> and <c>oc.dict.values</c>.
/// </summary>
public sealed class ConfigResolvers
{
    private readonly Dictionary<string, ConfigResolver> _custom;

    private ConfigResolvers(Func<string, string?> environment, Dictionary<string, ConfigResolver> custom) =>
        (Environment, _custom) = (environment, custom);

    /// <summary>OmegaConf's resolvers in an environment without variables.</summary>
    public static ConfigResolvers Standard { get; } = new(_ => null, []);

    /// <summary>Reads an environment variable; null if it is not set.</summary>
    public Func<string, string?> Environment { get; }

    /// <summary>The names that can be called, in no order.</summary>
    public IEnumerable<string> Names => BuiltInResolvers.Names.Concat(_custom.Keys);

    /// <summary>The same resolvers in another environment.</summary>
    public ConfigResolvers In(Func<string, string?> environment) => new(environment, _custom);

    /// <summary>These resolvers and one more, which takes the place of a custom one of its name.</summary>
    public ConfigResolvers With(string name, ConfigResolver resolver) =>
        new(Environment, new Dictionary<string, ConfigResolver>(_custom) { [name] = resolver });

    internal ConfigResolver? Custom(string name) => _custom.GetValueOrDefault(name);
}
