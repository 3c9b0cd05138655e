using System.CommandLine;
using System.Text.Json.Nodes;
using OpenAIProxy.BillingService.Commands;
using OpenAIProxy.Standalone.Keys;
using OpenAIProxy.Standalone.Options;
using OpenAIProxy.Standalone.Reports;

namespace OpenAIProxy.Standalone.Commands;

/// <summary><c>openai-proxy keys …</c>: access keys made at run time, straight in the ledger. A process that serves learns of it by itself.</summary>
internal static class KeysCommand
{
    private const string KeyArgument = "KEY";

    public static Command Create(TextWriter output, TextWriter error) => new("keys")
    {
        Make(output, error), List(output), Show(output), Update(output), Rotate(output, error), Revoke(output),
    };

    private static Command Make(TextWriter output, TextWriter error)
    {
        var name = new Argument<string>("NAME");
        var flags = new KeyFlags(hasName: false);
        return Of("create", [name], flags.AddTo, async (result, ledger, isJson, cancellationToken) =>
        {
            var fields = flags.Read(result);
            fields["name"] = result.GetRequiredValue(name);
            var key = await KeyRequests.CreateAsync(ledger, fields, cancellationToken);
            WriteSecret(output, error, key, isJson);
        });
    }

    private static Command List(TextWriter output) => Of("list", [], _ => { }, async (_, ledger, isJson, cancellationToken) =>
    {
        var list = await KeyRequests.ListAsync(ledger, cancellationToken);
        if (isJson)
        {
            WriteJson(output, "key_list", list);
            return;
        }

        KeyText.WriteList(output, list);
    });

    private static Command Show(TextWriter output)
    {
        var key = new Argument<string>(KeyArgument);
        return Of("show", [key], _ => { }, async (result, ledger, isJson, cancellationToken) => WriteKey(
            output, await KeyRequests.OfKeyAsync(ledger, HttpMethod.Get, result.GetRequiredValue(key), "", null, cancellationToken), isJson));
    }

    private static Command Update(TextWriter output)
    {
        var key = new Argument<string>(KeyArgument);
        var flags = new KeyFlags(hasName: true);
        return Of("update", [key], flags.AddTo, async (result, ledger, isJson, cancellationToken) =>
        {
            var fields = flags.Read(result);
            if (fields.Count == 0)
            {
                throw new CommandLineException("There is nothing to change. 'openai-proxy keys update --help' says what can be.");
            }

            WriteKey(output, await KeyRequests.OfKeyAsync(ledger, HttpMethod.Patch, result.GetRequiredValue(key), "", fields, cancellationToken), isJson);
        });
    }

    private static Command Rotate(TextWriter output, TextWriter error)
    {
        var key = new Argument<string>(KeyArgument);
        var overlap = new Option<string>("--overlap") { HelpName = "TIME" };
        return Of("rotate", [key], command => command.Options.Add(overlap), async (result, ledger, isJson, cancellationToken) =>
        {
            var body = result.GetValue(overlap) is { } time ? new JsonObject { ["overlap"] = time } : null;
            var rotated = await KeyRequests.OfKeyAsync(ledger, HttpMethod.Post, result.GetRequiredValue(key), "/rotate", body, cancellationToken);
            WriteSecret(output, error, rotated, isJson);
        });
    }

    private static Command Revoke(TextWriter output)
    {
        var key = new Argument<string>(KeyArgument);
        return Of("revoke", [key], _ => { }, async (result, ledger, isJson, cancellationToken) => WriteKey(
            output, await KeyRequests.OfKeyAsync(ledger, HttpMethod.Post, result.GetRequiredValue(key), "/revoke", null, cancellationToken), isJson));
    }

    private static Command Of(
        string name, Argument[] arguments, Action<Command> addFlags, Func<ParseResult, CommandLedger, bool, CancellationToken, Task> run)
    {
        var json = JsonFlag.Create();
        var command = new Command(name);
        foreach (var argument in arguments)
        {
            command.Arguments.Add(argument);
        }

        addFlags(command);
        command.Options.Add(json);
        var settings = new SettingsFlags(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            await using var ledger = await CommandLedger.StartAsync(StartArguments.Create(settings.Read(result)));
            await run(result, ledger, result.GetValue(json), cancellationToken);
            return 0;
        });
        return command;
    }

    // The secret alone goes to standard output: KEY=$(openai-proxy keys create ann).
    private static void WriteSecret(TextWriter output, TextWriter error, JsonObject key, bool isJson)
    {
        if (isJson)
        {
            WriteJson(output, "key", key);
            return;
        }

        output.WriteLine((string?)key["key"]);
        error.WriteLine($"This is the key of {key["name"]} ({key["id"]}). It is shown only now, and kept nowhere.");
    }

    private static void WriteKey(TextWriter output, JsonObject key, bool isJson)
    {
        if (isJson)
        {
            WriteJson(output, "key", key);
            return;
        }

        KeyText.WriteKey(output, key);
    }

    private static void WriteJson(TextWriter output, string kind, JsonObject members) => CommandJson.Write(output, json =>
    {
        json.WriteString("object", kind);
        foreach (var (name, value) in members)
        {
            json.WritePropertyName(name);
            if (value is null)
            {
                json.WriteNullValue();
            }
            else
            {
                value.WriteTo(json);
            }
        }
    });
}
