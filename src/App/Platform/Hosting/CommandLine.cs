using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Data.Common;
using Laurel.App.Platform.Yaml;
using Laurel.Storage;

namespace Laurel.App.Platform.Hosting;

/// <summary>
/// Runs the verb that the arguments name. What can be foreseen to go wrong is a line on the error stream, never a stack trace.
/// </summary>
public static class CommandLine
{
    public static async Task<int> Run(RootCommand laurel, string[] arguments)
    {
        foreach (var help in laurel.Options.OfType<HelpOption>()) help.Action = new HelpWithExample((HelpAction)help.Action!);
        var parsed = laurel.Parse(arguments);
        if (parsed.Action is ParseErrorAction) return Misunderstood(parsed);
        try
        {
            // After Ctrl-C a verb may finish what is on its way to the disk.
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                ProcessTerminationTimeout = TimeSpan.FromSeconds(30), EnableDefaultExceptionHandler = false,
            });
        }
        catch (OperationCanceledException)
        {
            return Verb.Interrupted;
        }
        catch (DbException failure)
        {
            await Console.Error.WriteLineAsync($"laurel: the database could not be read or written: {SqliteFile.Reason(failure)}");
            return Verb.FoundWrong;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"laurel: {failure.Message}");
            return Verb.FoundWrong;
        }
        catch (Exception defect)
        {
            await Console.Error.WriteLineAsync($"laurel: this is a defect of Laurel; please report it with what follows.\n{defect}");
            return Verb.FoundWrong;
        }
    }

    private static int Misunderstood(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var unmatched = parsed.UnmatchedTokens;
        // After a verb that is not known nothing can be.
        foreach (var token in unmatched.Take(IsGroup(command) ? 1 : unmatched.Count)) Verb.Refuse(Unmatched(command, token));
        foreach (var error in parsed.Errors)
            if (!unmatched.Any(token => error.Message.Contains($"'{token}'", StringComparison.Ordinal))
                && (unmatched.Count == 0 || !IsGroup(command)))
                Verb.Refuse(Wrong(command, error));
        return Verb.Refuse($"{Name(command)} --help says what it takes");
    }

    /// <summary>It does nothing itself; one of those below it must be named.</summary>
    private static bool IsGroup(Command command) => command is { Subcommands.Count: > 0, Action: null };

    private static string Name(Command command) =>
        command is RootCommand ? "laurel" : $"{Name(command.Parents.OfType<Command>().First())} {command.Name}";

    private static string Wrong(Command command, ParseError error)
    {
        if (IsGroup(command)) return "name a verb: " + string.Join(", ", command.Subcommands.Select(c => c.Name));
        if (error.SymbolResult is OptionResult { Option: var option, Tokens: [.., var given] }
            && error.Message.StartsWith("Cannot parse", StringComparison.Ordinal))
            return $"{option.Name} cannot be '{given.Value}'";
        return string.Join(' ', error.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    private static string Unmatched(Command command, string token)
    {
        if (token.StartsWith('-'))
            return $"there is no option '{token}'" + Suggestion.Hint(token,
                command.Parents.OfType<Command>().Append(command).SelectMany(c => c.Options).Select(o => o.Name));
        return IsGroup(command)
            ? $"there is no verb '{token}'" + Suggestion.Hint(token, command.Subcommands.Select(c => c.Name))
            : $"'{token}' is too much";
    }

    /// <summary>The help as it is, and then the verb's example.</summary>
    private sealed class HelpWithExample(HelpAction help) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var code = help.Invoke(parseResult);
            if (parseResult.CommandResult.Command is VerbCommand { Example: var example })
                parseResult.InvocationConfiguration.Output.WriteLine($"Example:\n  {example}\n");
            return code;
        }
    }
}
