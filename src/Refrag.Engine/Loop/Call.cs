using Refrag.Engine.Attempts;
using Refrag.Engine.Names;
using Refrag.Engine.Operations;
using Refrag.Engine.Store;

namespace Refrag.Engine.Loop;

/// <summary>An operation of the API, and the caller that waits for its response.</summary>
internal abstract record Call : EngineMessage
{
    /// <summary>The operation's name, for reports.</summary>
    public abstract string OperationName { get; }

    /// <summary>
    /// Executes the operation; its result is delivered after the commit. False if it must be executed again once the machine's GPUs are
    /// known. Throws a <see cref="Refusal"/>.
    /// </summary>
    public abstract bool Execute(Outgoing outgoing);

    /// <summary>Refuses it after the commit.</summary>
    public abstract void Refuse(Outgoing outgoing, Exception refusal);

    /// <summary>Fails it at once.</summary>
    public abstract void Fail(Exception fault);
}

/// <summary>The same with the operation's types.</summary>
internal sealed record Call<TRequest, TResponse>(
    string Name, TRequest Request, Func<TRequest, OperationResult<TResponse>> Handler, Reply<OperationResult<TResponse>> Reply) : Call
    where TRequest : class
    where TResponse : class
{
    /// <inheritdoc/>
    public override string OperationName => Name;

    /// <inheritdoc/>
    public override bool Execute(Outgoing outgoing)
    {
        OperationResult<TResponse> result = Handler(Request);
        if (result.IsComplete) outgoing.Answer(Reply, result);
        return result.IsComplete;
    }

    /// <inheritdoc/>
    public override void Refuse(Outgoing outgoing, Exception refusal) => outgoing.Refuse(Reply, refusal);

    /// <inheritdoc/>
    public override void Fail(Exception fault) => Reply.Fail(fault);
}
