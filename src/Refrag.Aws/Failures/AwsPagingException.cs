namespace Refrag.Aws;

/// <summary>A service names a page again that it has sent already, so that its list would never end.</summary>
/// <param name="service">The service that was called.</param>
/// <param name="operation">The operation's name.</param>
/// <param name="pages">How many pages were read.</param>
public sealed class AwsPagingException(AwsService service, string operation, int pages)
    : AwsException(operation, FailureProblems.Endless(service, operation, pages));
