namespace Refrag.Aws;

/// <summary>There are no credentials, or those there are could not be loaded. Nothing was sent.</summary>
/// <param name="operation">The operation's name.</param>
/// <param name="problem">What is missing and how to give it.</param>
/// <param name="inner">What the source of the credentials reported.</param>
public sealed class AwsCredentialsException(
    string operation, Problem problem, Exception? inner = null) : AwsException(operation, problem, inner);
