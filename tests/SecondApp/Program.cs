using System.ClientModel;
using System.Data.Common;
using OpenAI;
using OpenAI.Chat;

// An app with OpenAI's client, which knows of OpenAIProxy only what Aspire tells it. What AddOpenAIClient("ai") of Aspire.OpenAI does:
// https://github.com/dotnet/aspire/blob/v13.0.0/src/Components/Aspire.OpenAI/OpenAISettings.cs
var builder = WebApplication.CreateBuilder(args);
var connection = new DbConnectionStringBuilder { ConnectionString = builder.Configuration.GetConnectionString("ai") };
var client = new OpenAIClient(
    new ApiKeyCredential((string)connection["Key"]), new OpenAIClientOptions { Endpoint = new Uri((string)connection["Endpoint"]) });
await using var app = builder.Build();

app.MapGet("/chat", async (CancellationToken cancelled) =>
{
    var chat = client.GetChatClient((string)connection["Model"]);
    ChatCompletion answer = await chat.CompleteChatAsync([new UserChatMessage("Hello!")], cancellationToken: cancelled);
    return new { answer.Model, answer.Content[0].Text };
});
string[] properties = ["AI_ENDPOINT", "AI_URI", "AI_KEY", "AI_MODELNAME"];
app.MapGet("/properties", (IConfiguration configuration) => properties.ToDictionary(name => name, name => configuration[name]));
await app.RunAsync();
