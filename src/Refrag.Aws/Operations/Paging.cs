using System.Runtime.CompilerServices;

namespace Refrag.Aws;

/// <summary>Reads operations that answer in pages.</summary>
public static class Paging
{
    /// <summary>All pages, each requested when it is read. Fails like <see cref="IAwsTransport.SendAsync"/>, and with
    /// <see cref="AwsPagingException"/> if a page names one that was read before.</summary>
    /// <typeparam name="TRequest">The request.</typeparam>
    /// <typeparam name="TResponse">The response.</typeparam>
    /// <param name="transport">Carries the requests.</param>
    /// <param name="operation">The operation; of one that does not page, there is one page.</param>
    /// <param name="request">The request for the first page.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public static async IAsyncEnumerable<TResponse> PagesAsync<TRequest, TResponse>(
        this IAwsTransport transport,
        AwsOperation<TRequest, TResponse> operation,
        TRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        // Requests are records, and those for the pages of one list differ in their tokens.
        var sent = new HashSet<TRequest>();
        for (TRequest? next = request; next is not null;)
        {
            if (!sent.Add(next)) throw new AwsPagingException(operation.Service, operation.Name, sent.Count);
            TResponse page = await transport.SendAsync(operation, next, cancellationToken);
            yield return page;
            next = operation.NextPage?.Invoke(next, page);
        }
    }

    /// <summary>What all pages hold, each page requested when it is read. Fails like <see cref="IAwsTransport.SendAsync"/>.</summary>
    /// <typeparam name="TRequest">The request.</typeparam>
    /// <typeparam name="TResponse">The response.</typeparam>
    /// <typeparam name="TItem">An item of a page.</typeparam>
    /// <param name="transport">Carries the requests.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="request">The request for the first page.</param>
    /// <param name="items">The items of a page; null if it has none.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public static async IAsyncEnumerable<TItem> ItemsAsync<TRequest, TResponse, TItem>(
        this IAwsTransport transport,
        AwsOperation<TRequest, TResponse> operation,
        TRequest request,
        Func<TResponse, IEnumerable<TItem>?> items,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        await foreach (TResponse page in transport.PagesAsync(operation, request, cancellationToken))
        {
            foreach (TItem item in items(page) ?? []) yield return item;
        }
    }
}
