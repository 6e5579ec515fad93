// The least that Kestrel can do with a SubmitJob: read the body, answer a fixed text. What our server is measured beside.
//
//     dotnet run -c Release bench/empty-endpoint.cs -- PORT
#:sdk Microsoft.NET.Sdk.Web
#:property PublishAot=false
#:property RunAnalyzers=false
#:property RestorePackagesWithLockFile=false

using System.Buffers;
using System.Net;

WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
builder.WebHost
    .UseKestrelCore()
    .ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture)));
WebApplication web = builder.Build();
byte[] answer =
    ("""{"jobArn":"arn:aws:batch:us-east-1:000000000000:job/"""u8
    + """00000000-0000-0000-0000-000000000000","jobName":"bench","jobId":"00000000-0000-0000-0000-000000000000"}"""u8).ToArray();
web.Run(async context =>
{
    while (true)
    {
        var read = await context.Request.BodyReader.ReadAsync();
        context.Request.BodyReader.AdvanceTo(read.IsCompleted ? read.Buffer.End : read.Buffer.Start, read.Buffer.End);
        if (read.IsCompleted) break;
    }
    context.Response.ContentType = "application/json";
    context.Response.ContentLength = answer.Length;
    await context.Response.BodyWriter.WriteAsync(answer);
});
await web.RunAsync();
