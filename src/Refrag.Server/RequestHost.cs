using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Refrag.Server;

/// <summary>Hands Kestrel's requests to what answers them. Those of a connection come one after the other and share a context.</summary>
internal sealed class RequestHost(RequestDelegate answer) : IHttpApplication<DefaultHttpContext>
{
    public DefaultHttpContext CreateContext(IFeatureCollection contextFeatures)
    {
        var connection = contextFeatures as IHostContextContainer<DefaultHttpContext>;
        if (connection?.HostContext is not { } context)
        {
            context = new DefaultHttpContext();
            connection?.HostContext = context;
        }
        context.Initialize(contextFeatures);
        return context;
    }

    public Task ProcessRequestAsync(DefaultHttpContext context) => answer(context);

    public void DisposeContext(DefaultHttpContext context, Exception? exception) => context.Uninitialize();
}
