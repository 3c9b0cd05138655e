// Somebody else's AppHost, with OpenAIProxy as a resource and an app that uses it.
var builder = DistributedApplication.CreateBuilder(args);
var ai = builder.AddOpenAIProxy("ai").WithModel("gpt-4o-mini").WithArgs("--demo");
var data = builder.Configuration["data"];
if (builder.Configuration["tool"] is { } tool)
{
    ai.RunAsTool(tool, data);
}
else
{
    ai.RunAsProject("../../src/Standalone", data);
}

builder.AddProject<Projects.SecondApp>("app").WithEndpoint("http", endpoint => endpoint.Port = null).WithReference(ai).WaitFor(ai);
await builder.Build().RunAsync();
