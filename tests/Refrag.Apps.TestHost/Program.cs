using Refrag.Apps;
using Refrag.Apps.TestHost;
using Refrag.ShippedApps.Hello;
using Refrag.ShippedApps.Training;

var apps = new AppRegistry(new HelloDistApp(), new TrainApp(), new WaitingApp(), new ThrowingApp());
return await new Execution(apps, ExecHost.OfThisProcess()).RunAsync(args, CancellationToken.None);
