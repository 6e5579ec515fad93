namespace Refrag.Aws;

/// <summary>How a service's operations travel over HTTP.</summary>
public enum AwsProtocol
{
    /// <summary>Each operation has its own method and path; the body is JSON.</summary>
    RestJson,

    /// <summary>Every operation is a POST to <c>/</c>, named by the <c>X-Amz-Target</c> header; the body is JSON 1.1.</summary>
    Json11,

    /// <summary>Every operation is a POST of form fields to <c>/</c>; the answer is XML. EC2 alone speaks it.</summary>
    Ec2Query,

    /// <summary>The same with another shape of answers; IAM speaks it.</summary>
    Query,

    /// <summary>Each operation has its own method and path; the body is an object's bytes, or XML. S3 alone speaks it.</summary>
    RestXml,
}
