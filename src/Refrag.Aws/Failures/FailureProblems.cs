namespace Refrag.Aws;

/// <summary>Failures of a remote service in words for a user. RF3001–RF3007 and RF3013.</summary>
internal static class FailureProblems
{
    private static readonly string[] s_reads = ["Describe", "List", "Get", "BatchGet", "Filter", "Head", "Simulate"];

    public static Problem Of(AwsService service, string operation, AwsError error) => new()
    {
        Code = Code(error),
        What = $"{service.Id} refused {operation}: {error.Code} "
            + $"({(int)error.StatusCode}){(error.Message.Length > 0 ? $" {error.Message.TrimEnd('.')}" : "")}",
        Cause = error.RequestId is { } id ? $"AWS request id {id}" : null,
        Cure = Cure(Rights(service, operation), error),
    };

    public static Problem Of(AwsService service, string operation, Uri endpoint, bool answerLost, Exception inner) => new()
    {
        Code = answerLost ? "RF3006" : "RF3005",
        What = answerLost
            ? $"the answer of {service.Id} to {operation} was lost{(IsRead(operation) ? "" : "; the request may have taken effect")}"
            : $"{service.Id} could not be reached at {endpoint.GetLeftPart(UriPartial.Authority)} for {operation}",
        Cause = inner.Message,
        Cure = answerLost
            ? IsRead(operation) ? "It changes nothing: try again." : "Look whether it took effect before you send it again."
            : $"Check the network and the endpoint (env.endpoint_url, {service.EndpointVariable}, AWS_ENDPOINT_URL, the region).",
    };

    public static Problem Endless(AwsService service, string operation, int pages) => new()
    {
        Code = "RF3013",
        What = $"the list that {service.Id} answers to {operation} does not end: after {pages} pages it names one that was read already",
        Cause = "the service, or what stands between, answers a token again",
        Cure = $"Try again; if an endpoint is set (env.endpoint_url, {service.EndpointVariable}, AWS_ENDPOINT_URL), check that service.",
    };

    // S3 names rights otherwise than operations, and refuses to say that an object does not exist without the right to list its bucket.
    // (Service Authorization Reference, Amazon S3)
    private static string Rights(AwsService service, string operation) => (service == AwsService.S3, operation) switch
    {
        (true, "HeadObject" or "GetObject") => "s3:GetObject on the objects and s3:ListBucket on the bucket",
        (true, "AbortMultipartUpload") => "s3:AbortMultipartUpload",
        (true, _) => "s3:PutObject",
        _ => $"{service.Name}:{operation}",
    };

    // The verbs with which AWS names what only reads.
    private static bool IsRead(string operation) =>
        s_reads.Any(verb => operation.StartsWith(verb, StringComparison.Ordinal));

    private static string Code(AwsError error) => error switch
    {
        { IsThrottling: true } => "RF3002",
        { IsClockSkew: true } => "RF3014",
        { IsCredentialFault: true } => "RF3003",
        { IsServerFault: true } => "RF3004",
        { Code: "AccessDeniedException" or "AccessDenied" or "UnauthorizedOperation" } => "RF3007",
        _ => "RF3001",
    };

    private static string Cure(string rights, AwsError error) => error switch
    {
        { IsThrottling: true } => "Try again in a while, or send fewer requests at once.",
        { IsClockSkew: true } => "Set this machine's clock; AWS accepts five minutes of difference.",
        { IsCredentialFault: true } =>
            "Check the access key, the session token and AWS_PROFILE; `aws sts get-caller-identity` shows whom they name.",
        { IsServerFault: true } => "Try again in a while; if it stays, see the AWS health dashboard.",
        { Code: "AccessDeniedException" or "AccessDenied" or "UnauthorizedOperation" } =>
            $"Grant {rights} to the identity that `aws sts get-caller-identity` shows.",
        _ => "Correct the request as the message says.",
    };
}
