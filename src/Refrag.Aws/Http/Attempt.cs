namespace Refrag.Aws;

/// <summary>How one attempt at a request ended.</summary>
internal abstract record Attempt;

/// <summary>The service answered a result.</summary>
internal sealed record Answered<TResponse>(TResponse Response) : Attempt;

/// <summary>The service answered an error.</summary>
/// <param name="Error">The error.</param>
/// <param name="RetryAfter">How long the service asked to wait; null if it did not.</param>
/// <param name="ServerTime">The service's clock; null if it did not say.</param>
internal sealed record Refused(AwsError Error, TimeSpan? RetryAfter, DateTimeOffset? ServerTime) : Attempt;

/// <summary>The request surely did not arrive whole.</summary>
internal sealed record NotSent(Exception Reason) : Attempt;

/// <summary>The request may have arrived, but its answer did not.</summary>
internal sealed record Lost(Exception Reason) : Attempt;
