namespace Refrag.Aws;

/// <summary>The base of all failures of an AWS operation. <see cref="Problem"/> says it to a user, with the cure.</summary>
public abstract class AwsException : Exception
{
    private protected AwsException(string operation, Problem problem, Exception? inner = null)
        : base(problem.ToString(), inner) =>
        (Operation, Problem) = (operation, problem);

    /// <summary>The operation's name.</summary>
    public string Operation { get; }

    /// <summary>The failure in words for a user: code RF30xx, what, cause and cure.</summary>
    public Problem Problem { get; }

    /// <summary>Whether the same request may succeed later without anyone's doing: no answer, throttling, a fault of the service.</summary>
    public virtual bool MayPass => false;

    /// <summary>Whether the request may have had its effect although it failed.</summary>
    public virtual bool MayHaveTakenEffect => false;
}
