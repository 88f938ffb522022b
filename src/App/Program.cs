using System.CommandLine;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.ApiKeys;
using Laurel.App.Features.Demo;
using Laurel.App.Features.Imports;
using Laurel.App.Features.Metrics;
using Laurel.App.Features.People;
using Laurel.App.Features.Serving;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Hosting;

var laurel = new RootCommand("Laurel: recognition for contact centres. The web application is made in Platform/Hosting/LaurelHost.cs.")
{
    ServeVerb.Command(),
    DemoVerb.Command(),
    ApplyVerb.Command(),
    ImportVerb.Command(TimeProvider.System),
    AwardsVerb.Command(),
    ValuesVerb.Command(),
    KeyVerb.Command(),
    PersonVerbs.Person(),
    PersonVerbs.Password(),
};

var arguments = laurel.Parse(args);
// After Ctrl-C a verb may finish what is on its way to the disk.
var exit = await arguments.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
return arguments.Errors.Count > 0 ? Verb.BadUsage : exit;
