namespace Refrag.Aws.Ecr;

/// <summary>An operation of ECR. <see cref="EcrOperations"/> has what it takes to see whether an image is there.</summary>
/// <typeparam name="TRequest">What is asked.</typeparam>
/// <typeparam name="TResponse">What is answered.</typeparam>
public sealed class EcrOperation<TRequest, TResponse> : AwsOperation<TRequest, TResponse>
    where TRequest : class
    where TResponse : class
{
    internal EcrOperation(string name)
        : base(AwsService.Ecr, name, EcrJson.Options)
    {
    }

    internal override AwsServiceException Failure(AwsError error) => new EcrException(Name, error);
}
