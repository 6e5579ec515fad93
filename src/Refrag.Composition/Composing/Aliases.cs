namespace Refrag.Composition;

/// <summary>
/// Another name for an option: <c>env=aws_batch</c> for <c>env=awsbatch</c>. An option that is really called so goes first.
/// </summary>
/// <param name="Group">The group, as <c>env</c>.</param>
/// <param name="Alias">The other name.</param>
/// <param name="Option">The option that is meant.</param>
public sealed record OptionAlias(string Group, string Alias, string Option);

/// <summary>
/// Another name for a key and all below it: <c>launcher.gpus=2</c> for <c>env.gpus=2</c>, and <c>launcher=local</c> for <c>env=local</c>.
/// A group that is really called so goes first.
/// </summary>
/// <param name="Alias">The other name, without a trailing dot.</param>
/// <param name="Key">The key that is meant.</param>
public sealed record KeyAlias(string Alias, string Key);
