using System.Globalization;
using Laurel.Crash;

const string Usage = "usage: tests/crash N [--postgres ADDRESS] [--seed S]";
var time = TimeProvider.System;
if (args is not [var number, .. var options] || !int.TryParse(number, CultureInfo.InvariantCulture, out var kills) || kills < 1
    || options.Length % 2 != 0)
{
    Console.Error.WriteLine(Usage);
    return 2;
}
string? postgres = null;
var seed = (int)(time.GetUtcNow().Ticks % int.MaxValue);
for (var i = 0; i < options.Length; i += 2)
    switch (options[i])
    {
        case "--postgres":
            postgres = options[i + 1];
            break;
        case "--seed" when int.TryParse(options[i + 1], CultureInfo.InvariantCulture, out var given):
            seed = given;
            break;
        default:
            Console.Error.WriteLine(Usage);
            return 2;
    }

var folder = Directory.CreateTempSubdirectory("laurel-crash-").FullName;
var place = postgres is null ? new Place(Path.Combine(folder, "laurel.db"), 1) : Server.NewDatabase(postgres);
var began = time.GetTimestamp();
var run = new CrashRun(place, folder, seed, time);
// Whoever stops this leaves no server behind.
AppDomain.CurrentDomain.ProcessExit += (_, _) => run.Dispose();
Console.WriteLine($"seed {seed}, {(postgres is null ? "SQLite, one process" : "PostgreSQL, two nodes")}");
var passed = 0;
string? wrong = null;
try
{
    await run.Begin();
    while (passed < kills)
    {
        Console.WriteLine($"kill {passed + 1}: {await run.KillOnce(last: passed + 1 == kills)}");
        passed++;
    }
}
catch (Exception failure)
{
    wrong = failure is Broken ? failure.Message : failure.ToString();
    Console.WriteLine($"kill {passed + 1}: {wrong}");
    Console.WriteLine($"seed {seed} with the same number of kills repeats the load, though not each of its moments");
}
finally
{
    run.Dispose();
    if (postgres is not null) Server.Drop(postgres, place);
    Directory.Delete(folder, recursive: true);
}
Console.WriteLine($"{passed} passed, {(wrong is null ? 0 : 1)} failed: {run.Total} ({time.GetElapsedTime(began).TotalSeconds:0} s)");
return wrong is null ? 0 : 1;
