using OpenAIProxy.BillingService.Configuration;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.BillingService.Commands;

/// <summary>What the service says about itself.</summary>
internal static class Help
{
    /// <summary>Commands, options and settings.</summary>
    public static int Write(TextWriter output)
    {
        output.WriteLine("The billing service of OpenAIProxy: takes usage from the gateways, and answers what keys have cost.");
        output.WriteLine();
        output.WriteLine("  dotnet run --project src/BillingService -- [COMMAND] [OPTIONS] [--SETTING=value ...]");
        output.WriteLine();
        output.WriteLine("Without a command it serves. Examples:");
        output.WriteLine("  --urls http://localhost:8001 --Internal:Token=...    gateways with the same token report their usage here");
        output.WriteLine("  prices check --Pricing:File=prices.json              is the file of your own prices right?");
        output.WriteLine();
        output.WriteLine("Commands:");
        WriteCommands(output);
        output.WriteLine();
        output.WriteLine("Options:");
        output.WriteLine("  --urls LIST");
        output.WriteLine("      Where to listen, with ; between: http://localhost:8001.");
        output.WriteLine();
        output.WriteLine("Exit code 64 for a command line that is none, 78 if a setting can't be used, 1 if the address is in use.");
        output.WriteLine();
        SettingsHelp.Write(output, BillingSettings.All);
        return CommandRunner.Success;
    }

    public static void WriteCommands(TextWriter output)
    {
        output.WriteLine("  prices check");
        output.WriteLine("      Says what is missing or inconsistent in the prices, Pricing:File included. Exit code 1 if there are errors.");
        output.WriteLine($"  prices show {PricesShow.Synopsis}");
        output.WriteLine("      Says what usage of a model is priced by today. Exit code 1, and names that are near, if it has no price.");
        output.WriteLine($"  prices update {PricesUpdate.Synopsis}");
        output.WriteLine("      Puts newer prices into Pricing:File, checked and at once; a running service takes them without a restart. Prices of models");
        output.WriteLine("      that are not in FILE, and those with the confidence contract, stay. Exit code 1, and nothing changed, if FILE can't be used.");
        output.WriteLine($"  billing reconcile {ReconcileOptions.Synopsis}");
        output.WriteLine("      Sets the ledger's dollars beside OpenAI's organization costs, day by day, both days included. The admin key (sk-admin-…)");
        output.WriteLine("      is read from the environment variable NAME. Exit code 1 if either can't be had.");
        output.WriteLine($"  {CommandRunner.JsonOption}");
        output.WriteLine("      Has prices check, prices show and billing reconcile print one JSON object.");
        output.WriteLine("  (billing resend, which sends refused usage again, is a command of the gateway: it has the journal.)");
        output.WriteLine("  --health ADDRESS");
        output.WriteLine("      Asks a running service how it is. Exit code 0 or 1.");
        output.WriteLine("  --help");
        output.WriteLine("      This text.");
    }
}
